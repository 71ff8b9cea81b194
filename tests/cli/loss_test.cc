// `loss` and scans of other families, through the program as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

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
