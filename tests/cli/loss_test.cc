// `loss` and scans of other families, through the program as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(Loss, IsTheSameInWordsAndInJson) {
  const std::vector<std::string> arguments = {
      "loss", "-m", "models/demo", "-t", "data/demo/articles.txt", "--windows", "2", "--window", "64", "-q"};
  auto with_json = arguments;
  with_json.insert(with_json.end(), {"--format", "json"});
  const CommandResult words = run(arguments), json = run(with_json);
  ASSERT_EQ(words.exit_code, 0) << words.err;
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const auto fields = nlohmann::json::parse(json.out);
  EXPECT_EQ(fields["n_windows"], 2);
  EXPECT_EQ(fields["n_tokens"], 126);  // the first token of a window is not predicted
  const double loss = fields["nats_per_token"];
  EXPECT_GT(loss, 1);
  EXPECT_LT(loss, 6);  // far below a uniform guess, ln 8192 = 9.0
  EXPECT_NEAR(fields["perplexity"].get<double>(), std::exp(loss), 1e-9 * std::exp(loss));
  char expected[32];
  std::snprintf(expected, sizeof expected, "%.4f nats per token", loss);
  EXPECT_THAT(words.out, HasSubstr(expected));
}

// A BOS token is the first position of every window: it predicts the first token of the text.
TEST(Loss, OfAWindowBeginsWithBosWhereAsked) {
  const std::vector<std::string> arguments = {
      "loss",     "-m",   "models/demo", "-t",   "data/demo/articles.txt", "--windows", "2", "--window", "64",
      "--format", "json", "-q",          "--bos"};
  const auto with = [&](const std::string& policy) {
    auto all = arguments;
    all.push_back(policy);
    const CommandResult result = run(all);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return nlohmann::json::parse(result.out);
  };
  const auto automatic = with("auto"), never = with("never"), always = with("always");
  EXPECT_EQ(automatic, never) << "GPT-2 was trained without";
  EXPECT_EQ(never["bos"], nullptr);
  EXPECT_EQ(always["bos"], "<|endoftext|>");
  EXPECT_EQ(always["n_tokens"], 126);  // 63 of each window, all of them predicted
  EXPECT_NE(always["nats_per_token"], never["nats_per_token"]);
  EXPECT_EQ(run({"loss", "-m", "models/demo", "-t", "-", "--bos", "sometimes"}).exit_code, 2);
}

// The same as a text that spells the token, without its row.
TEST(Activations, AfterBosAreThoseOfATextThatSpellsIt) {
  const TempFolder folder;
  const auto write = [&](const std::string& text, const std::string& bos, const std::string& name) {
    const CommandResult result = run({"activations", "-m", "models/demo", "-t", "-", "--layers", "5", "--bos",
                                      bos, "-o", folder / name, "-q"},
                                     {.standard_input = text});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    const std::string bytes = read_file(folder / name);
    return bytes.substr(bytes.find('\n') + 1);
  };
  const std::string spelled = write("<|endoftext|>One two Paris", "never", "spelled.npy");
  const std::string added = write("One two Paris", "always", "added.npy");
  const std::string without = write("One two Paris", "auto", "without.npy");
  constexpr std::size_t kRow = 512 * sizeof(float);
  ASSERT_GT(added.size(), 2 * kRow);
  ASSERT_EQ(spelled.size(), added.size() + kRow);
  EXPECT_TRUE(spelled.substr(kRow) == added);
  EXPECT_EQ(without.size(), added.size());
  EXPECT_FALSE(without == added);
}

TEST(Loss, NeedsTwoTokens) {
  const CommandResult result = run({"loss", "-m", "models/demo", "-t", "-"}, {.standard_input = "a"});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_THAT(result.err_lines(), SizeIs(1));
  EXPECT_EQ(
      run({"loss", "-m", "models/demo", "-t", "-", "--window", "1"}, {.standard_input = "a b"}).exit_code, 2);
}

TEST(Sites, ThatAModelDoesNotHaveAreNamed) {
  const CommandResult result =
      run({"activations", "-m", "models/demo", "-t", "-", "--site", "mlp.up", "-o", "/nonexistent/x.npy"},
          {.standard_input = "one two"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("mlp.up"), HasSubstr("gpt2"), HasSubstr("resid")));
}

}  // namespace
}  // namespace penfield::cli
