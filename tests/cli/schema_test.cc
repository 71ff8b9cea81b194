// What --format json prints is described in docs/schemas, for every command.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "files.h"
#include "json_schema.h"
#include "program.h"
#include "running_program.h"

namespace penfield::cli {
namespace {

using ::testing::IsEmpty;

const std::vector<std::string> kModelAndText = {"-m", "models/demo", "-t", "data/demo/articles.txt"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& further) {
  arguments.insert(arguments.end(), further.begin(), further.end());
  return arguments;
}

class Schema : public ::testing::Test {
 protected:
  void expect_described(const std::string& name, std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--format", "json", "-q"});
    const CommandResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(differences_from_schema(name, result.out), IsEmpty()) << name;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_ / name; }

  TempFolder folder_;
};

TEST_F(Schema, EveryCommandEitherHasOneOrPrintsNoJson) {
  // That of fetch is compared in its own test, which has a hub.
  const std::set<std::string> with_schema = {"scan",     "show",  "associate", "label",  "tokenize",
                                             "concepts", "fetch", "loss",      "doctor", "serve"};
  const std::set<std::string> without = {"report",      "plot", "export", "activations",
                                         "completions", "mcp",  "help"};
  const std::string help = run({"--help"}).out;
  std::size_t n_commands = 0;
  for (std::size_t at = help.find("\n  "); at != std::string::npos; at = help.find("\n  ", at + 1)) {
    const std::string name = help.substr(at + 3, help.find(' ', at + 3) - at - 3);
    if (name.empty() || name.front() == '-' || run({"help", name}).exit_code != 0) continue;
    ++n_commands;
    EXPECT_TRUE(name == "demo" || name == "join" || with_schema.count(name) + without.count(name) == 1)
        << name;
  }
  EXPECT_GE(n_commands, 18U);
  for (const std::string& name : with_schema)
    EXPECT_FALSE(read_file("docs/schemas/" + name + ".json").empty()) << name;
}

TEST_F(Schema, DescribesScansAndWhatIsReadOfThem) {
  const auto scan = with({"scan", "--budget", "3000"}, kModelAndText);
  expect_described("scan-dry-run", with(scan, {"--dry-run"}));
  expect_described("scan-part", with(scan, {"-o", file("part"), "--part", "1/1"}));
  expect_described("scan", {"join", file("part"), "-o", file("joined")});
  expect_described("scan", with(scan, {"-o", file("r"), "--permutations", "100", "--null", "labels,lists",
                                       "--null-runs", "2"}));
  EXPECT_THAT(differences_from_schema("scan", read_file(file("r/run.json"))), IsEmpty());
  expect_described("show", {"show", file("r"), "--top", "3"});
  RunningProgram explorer({"serve", file("r"), "--no-open", "--format", "json", "-q"}, file("err"));
  EXPECT_THAT(differences_from_schema("serve", explorer.read_line()), IsEmpty());
}

TEST_F(Schema, DescribesTokensAndLabels) {
  const auto some = with(kModelAndText, {"--rows", "20"});
  expect_described("tokenize", with({"tokenize"}, some));
  expect_described("label", with({"label"}, some));
  expect_described("label-audit", with({"label", "--audit"}, some));
  write_file(
      file("gold.conllu"),
      "# text = Ada saw it\n1\tAda\t_\tPROPN\tNNP\t_\t_\t_\t_\t_\n2\tsaw\t_\tVERB\tVBD\t_\t_\t_\t_\t_\n"
      "3\tit\t_\tPRON\tPRP\t_\t_\t_\t_\t_\n\n");
  expect_described("label-audit", {"label", "--audit", "-m", "models/demo", "-t", file("gold.conllu")});
  expect_described("loss", with({"loss", "--windows", "1"}, some));
}

TEST_F(Schema, DescribesWhatNeedsNoModel) {
  expect_described("version", {"--version"});
  expect_described("concepts", {"concepts"});
  expect_described("doctor", {"doctor"});
  std::vector<float> x(40), y(20);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 7 % 11);
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<float>(i % 2);
  write_file(file("x.npy"), npy_matrix(20, 2, x));
  write_file(file("y.npy"), npy_vector(y));
  expect_described("associate", {"associate", file("x.npy"), file("y.npy")});
}

}  // namespace
}  // namespace penfield::cli
