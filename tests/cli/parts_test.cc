// A scan whose passes run in parts: `scan --part`, then `join`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "files.h"
#include "program.h"
#include "same_result.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

using Arguments = std::vector<std::string>;

void expect_error(const CommandResult& result, int exit_code, const std::string& what) {
  EXPECT_EQ(result.exit_code, exit_code) << result.err;
  EXPECT_THAT(result.err_lines(), SizeIs(1)) << result.err;
  EXPECT_THAT(result.err, HasSubstr(what));
}

// A scan of twelve passes with every kind of null.
class Parts : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    const CommandResult result = run(scan_of({"-o", file("whole")}));
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }
  static Arguments scan_of(const Arguments& further) {
    Arguments out = {"scan",
                     "-m",
                     "models/demo",
                     "-t",
                     "data/demo/articles.txt",
                     "--budget",
                     "12000",
                     "--null-runs",
                     "1",
                     "-q",
                     "--null",
                     "labels,types,lists,weights,init,rotation"};
    out.insert(out.end(), further.begin(), further.end());
    return out;
  }
  static CommandResult run_part(const std::string& name, int part, int n, const Arguments& further = {}) {
    Arguments arguments =
        scan_of({"-o", file(name), "--part", std::to_string(part) + "/" + std::to_string(n)});
    arguments.insert(arguments.end(), further.begin(), further.end());
    return run(arguments);
  }
  // Parts 1 … n in folders that begin with `name`.
  static Arguments make_parts(const std::string& name, int n) {
    Arguments folders;
    for (int part = 1; part <= n; ++part) {
      const CommandResult result = run_part(name + std::to_string(part), part, n);
      EXPECT_EQ(result.exit_code, 0) << result.err;
      folders.push_back(file(name + std::to_string(part)));
    }
    return folders;
  }
  static CommandResult join(Arguments folders, const std::string& out) {
    folders.insert(folders.begin(), "join");
    folders.insert(folders.end(), {"-o", out, "-q"});
    return run(folders);
  }

  static TempFolder* folder_;
};
TempFolder* Parts::folder_ = nullptr;

TEST_F(Parts, GiveTheBytesOfTheWholeScan) {
  for (const int n : {1, 3, 14}) {  // of fourteen the last two have no pass
    const std::string name = "of" + std::to_string(n) + "-";
    Arguments folders = make_parts(name, n);
    std::reverse(folders.begin(), folders.end());
    const CommandResult joined = join(folders, file(name + "joined"));
    ASSERT_EQ(joined.exit_code, 0) << joined.err;
    expect_same_result(file(name + "joined"), file("whole"));
    EXPECT_TRUE(exists(folders[0] + "/.unfinished/inputs.tsv")) << "parts stay";
  }
}

TEST_F(Parts, SayWhatTheyKeep) {
  const CommandResult text = run(scan_of({"-o", file("say"), "--part", "2/5"}));
  EXPECT_EQ(text.out, "part 2 of 5: 3 of 12 passes are kept in " + file("say") + "\n");
  const CommandResult table = run(scan_of({"-o", file("say"), "--part", "2/5", "--format", "tsv"}));
  EXPECT_EQ(table.out, "part\tn_parts\tn_passes\tn_passes_of_scan\n2\t5\t3\t12\n")
      << "the same again: nothing to do";
  const CommandResult shown = run({"show", file("say")});
  expect_error(shown, 3, "holds an unfinished scan");
}

TEST_F(Parts, AKilledPartGoesOn) {
  const std::string unfinished = file("killed1") + "/.unfinished/";
  const CommandResult killed =
      run(scan_of({"-o", file("killed1"), "--part", "1/2"}),
          {.signal = SIGKILL, .signal_when = [unfinished] {
             std::error_code error;
             return std::filesystem::file_size(unfinished + "passes-1-of-2.journal", error) > 200 && !error &&
                    exists(unfinished + "inputs.tsv");
           }});
  ASSERT_EQ(killed.exit_code, 128 + SIGKILL);
  expect_error(join({file("killed1")}, file("early")), 3, "penfield scan --part makes one");
  Arguments folders = make_parts("killed", 2);
  ASSERT_EQ(join(folders, file("after-kill")).exit_code, 0);
  expect_same_result(file("after-kill"), file("whole"));
}

TEST_F(Parts, WhatIsMissingDamagedOrOfOtherInputsIsNamed) {
  const Arguments folders = make_parts("named", 3);
  expect_error(join({folders[0], folders[2]}, file("no")), 3,
               "8 of 12 passes are in the folders of the parts; part 2 of 3");
  expect_error(join({folders[0], file("none")}, file("no")), 3, "holds no part of a scan");

  ASSERT_EQ(run_part("other", 2, 3, {"--seed", "7"}).exit_code, 0);
  expect_error(join({folders[0], file("other"), folders[2]}, file("no")), 3, "seed was 7, is 20250214");

  {
    std::fstream values(folders[1] + "/.unfinished/activations-2-of-3.bin",
                        std::ios::in | std::ios::out | std::ios::binary);
    const auto byte = static_cast<char>(values.get() ^ 1);
    values.seekp(0);
    values.put(byte);
    ASSERT_TRUE(values.good());
  }
  expect_error(join(folders, file("no")), 3, "11 of 12 passes are in the folders of the parts; part 2 of 3");
  EXPECT_FALSE(exists(file("no"))) << "a refused join leaves nothing";
  ASSERT_EQ(run_part("named2", 2, 3).exit_code, 0);
  ASSERT_EQ(join(folders, file("mended")).exit_code, 0);
  expect_same_result(file("mended"), file("whole"));
  expect_error(join(folders, file("mended")), 1, "holds results already");
}

TEST_F(Parts, ARefusedJoinRemovesNothing) {
  const Arguments folders = make_parts("kept", 2);
  // An unfinished scan of other inputs: a part is one.
  ASSERT_EQ(run_part("begun", 1, 2, {"--seed", "7"}).exit_code, 0);
  const auto forced = [&](const Arguments& parts) {
    Arguments arguments = {"join", "-o", file("begun"), "-q", "--force"};
    arguments.insert(arguments.end(), parts.begin(), parts.end());
    return run(arguments);
  };
  expect_error(forced({folders[0]}), 3, "of other inputs, which join does not replace");
  expect_error(forced({folders[0], file("none")}), 3, "holds no part of a scan");
  expect_error(forced(folders), 3, file("begun") + ": holds an unfinished scan of other inputs");
  EXPECT_TRUE(exists(file("begun") + "/.unfinished/activations-1-of-2.bin"));
  EXPECT_EQ(run_part("begun", 1, 2, {"--seed", "7"}).exit_code, 0) << "and it goes on";

  for (const std::string& out : {folders[0], folders[1] + "/../kept2"})
    expect_error(join(folders, out), 2, "is one of the parts; write the result into another folder");
  EXPECT_EQ(join(folders, file("kept-joined")).exit_code, 0) << "they are all there";
}

TEST_F(Parts, AreRefusedWhereTheyCouldNotBeJoined) {
  for (const char* const part : {"0/4", "5/4", "1", "1/", "/4", "1/4/2", "-1/4", "a/b", ""})
    expect_error(run(scan_of({"-o", file("bad"), "--part", part})), 2, "--part");
  Arguments from_stdin = scan_of({"-o", file("bad"), "--part", "1/2"});
  std::replace(from_stdin.begin(), from_stdin.end(), std::string("data/demo/articles.txt"), std::string("-"));
  expect_error(run(from_stdin), 2, "every part reads the whole text");

  const Arguments folders = make_parts("here", 1);
  expect_error(run({"join", folders[0], "-o", file("bad"), "--seed", "7"}), 2, "those of the parts");
  const std::string command_path = folders[0] + "/.unfinished/command.tsv";
  std::string command = read_file(command_path);
  const std::size_t at = command.find("folder\t") + 7;
  command.replace(at, command.find('\n', at) - at, "/elsewhere");
  write_file(command_path, command);
  expect_error(join(folders, file("bad")), 3, "ran in /elsewhere; run penfield join there");
}

TEST_F(Parts, TheirEstimateIsOfTheirShare) {
  const auto estimate = [](const Arguments& further) { return run(scan_of(further)).out; };
  const std::string whole = estimate({"--dry-run", "--format", "json", "--spill", "f32"});
  const std::string part = estimate({"--dry-run", "--format", "json", "--part", "1/12"});
  const auto disk = [](const std::string& document) {
    return std::stod(document.substr(document.find("\"disk_bytes\":") + 13));
  };
  EXPECT_LT(disk(part), disk(whole) / 6);
  EXPECT_GT(disk(part), disk(whole) / 40);
}

}  // namespace
}  // namespace penfield::cli
