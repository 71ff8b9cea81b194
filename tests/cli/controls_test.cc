// `scan` with controls: what the targets are compared with, further draws, and the nulls beside the scan.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::HasSubstr;

// One planted model and text for all tests of this file; three of its 512 units read capitals.
class Controls : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempFolder;
    make_planted_model(file("model"), {"--text", file("text.txt"), "--documents", "2",
                                       "--tokens-per-document", "400", "--planted", "L0.5,L1.17,L1.200"});
    ASSERT_EQ(scan("plain", {}).exit_code, 0);
  }
  static void TearDownTestSuite() {
    delete folder_;
    folder_ = nullptr;
  }
  static std::string file(const std::string& name) { return *folder_ / name; }
  static CommandResult scan(const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"scan", "--profile",      "descriptive", "-m",     file("model"),
                                          "-t",   file("text.txt"), "-o",          file(out)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  static nlohmann::json record(const std::string& out) {
    return nlohmann::json::parse(read_file(file(out) + "/run.json"));
  }
  static Table table(const std::string& out, const char* name) {
    return parse_tsv(read_file(file(out) + "/" + name));
  }

  static TempFolder* folder_;
};
TempFolder* Controls::folder_ = nullptr;

TEST_F(Controls, FurtherDrawsChangeNothingButTheStability) {
  ASSERT_EQ(scan("draws", {"--draws", "4"}).exit_code, 0);
  EXPECT_EQ(read_file(file("draws/samples.tsv")), read_file(file("plain/samples.tsv")));
  const Table one = table("plain", "units.tsv");
  const Table four = table("draws", "units.tsv");
  ASSERT_EQ(one.rows.size(), four.rows.size());
  const auto column = static_cast<std::size_t>(std::find(one.header.begin(), one.header.end(), "stability") -
                                               one.header.begin());
  int n_stable = 0;
  for (std::size_t row = 0; row < one.rows.size(); ++row) {
    std::vector<std::string> without = one.rows[row];
    std::vector<std::string> with = four.rows[row];
    EXPECT_EQ(without.at(column), "");
    const double share = std::stod(with.at(column));
    EXPECT_TRUE(share == 0 || share == 0.25 || share == 0.5 || share == 0.75 || share == 1) << share;
    EXPECT_LE(four.at(row, "significant") == "1" ? 0.25 : 0, share);
    n_stable += share == 1 ? 1 : 0;
    with.at(column) = "";
    EXPECT_EQ(with, without) << row;
  }
  for (const std::size_t planted : {std::size_t{5}, std::size_t{256 + 17}, std::size_t{256 + 200}}) {
    EXPECT_EQ(four.number(planted, "stability"), 1);
  }
  EXPECT_EQ(record("draws")["controls"]["n_stable"], n_stable);
}

TEST_F(Controls, MatchedAndCappedGroupsAreWhatTheySay) {
  const CommandResult result =
      scan("matched", {"--match", "leading-space,length,position", "--cap-per-type", "1"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("Matched (standardised mean difference"));
  const Table samples = table("matched", "samples.tsv");
  std::map<std::string, int> n_of_type;
  for (std::size_t row = 0; row < samples.rows.size(); ++row) {
    ++n_of_type[samples.at(row, "split") + samples.at(row, "group") + samples.at(row, "token_id")];
  }
  for (const auto& [type, n] : n_of_type) EXPECT_EQ(n, 1) << type;
  const nlohmann::json run_record = record("matched");
  for (const auto& balance : run_record["controls"]["balance"]["discovery"]) {
    if (balance["trait"] == "leading_space" && balance["after"].is_number()) {
      EXPECT_NEAR(balance["after"].get<double>(), 0, 1e-9);
    }
  }
  const auto& counts = run_record["counts"]["discovery"];
  EXPECT_EQ(counts["n_target"].get<int>() + counts["n_target_capped"].get<int>() +
                counts["n_target_unmatched"].get<int>(),
            counts["n_target_available"].get<int>());
}

TEST_F(Controls, AnotherConceptForComparison) {
  const CommandResult same = scan("same", {"--against", "proper-noun"});
  EXPECT_EQ(same.exit_code, 3);
  ASSERT_EQ(same.err_lines().size(), 1u);
  EXPECT_THAT(same.err, HasSubstr("concept proper-noun against proper-noun"));
  EXPECT_THAT(same.err, HasSubstr("no comparison token (proper-noun)"));
  const CommandResult unknown = scan("unknown", {"--against", "propper-noun"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean proper-noun"));
}

TEST_F(Controls, NothingIsFoundWhereThereIsNothing) {
  const CommandResult result = scan("null", {"--null", "labels,weights"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("Null, permuted labels"));
  EXPECT_EQ(read_file(file("null/units.tsv")), read_file(file("plain/units.tsv")));
  const nlohmann::json nulls = record("null")["controls"]["nulls"];
  ASSERT_EQ(nulls.size(), 2u);
  EXPECT_EQ(nulls[0]["kind"], "labels");
  EXPECT_EQ(nulls[0]["n_runs"], 20);
  EXPECT_EQ(nulls[0]["band"], 4) << "of binomial(20, .05)";
  EXPECT_LE(nulls[0]["most_runs_of_a_family"], nulls[0]["band"]);
  EXPECT_EQ(nulls[0]["layers"].size(), 2u);
  EXPECT_EQ(nulls[1]["kind"], "weights");
  EXPECT_EQ(nulls[1]["n_runs"], 20) << "every run is another shuffled model";
  EXPECT_LE(nulls[1]["n_runs_with_finding"], 4) << "nothing that was planted is left";
  EXPECT_GT(nulls[1]["n_units_beyond"], 0) << "what was planted is beyond all of them";
  EXPECT_GE(record("null")["n_significant"], 3);
}

TEST_F(Controls, TheMemoryOfTheControlsIsCounted) {
  const auto estimate = [](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"scan", "--profile",      "descriptive", "-m",       file("model"),
                                          "-t",   file("text.txt"), "--dry-run",   "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return nlohmann::json::parse(run(arguments).out);
  };
  const nlohmann::json plain = estimate({});
  // What the process holds already differs by some pages from run to run; the shuffled model is far larger.
  EXPECT_GT(estimate({"--null", "weights"})["memory_bytes"].get<double>(),
            plain["memory_bytes"].get<double>() + 500'000);
  EXPECT_GT(estimate({"--draws", "9"})["n_samples"].get<int>(), plain["n_samples"].get<int>());
}

TEST_F(Controls, WhatCannotBeDoneIsRefused) {
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--match", "lenght"},
                                                {"--null", "label"},
                                                {"--cap-per-type", "0"},
                                                {"--draws", "0"},
                                                {"--null-runs", "0"}}) {
    const CommandResult result = scan("refused", wrong);
    EXPECT_EQ(result.exit_code, 2) << wrong[0];
    EXPECT_EQ(result.err_lines().size(), 1u) << result.err;
  }
}

// Random words as frequent as the concept's are no concept: what they find is chance. The same scan finds
// proper nouns; the bounds are nine tenths of what an independent analysis of the same text found.
TEST(ControlLists, FindNothingWhereAConceptOfTheSameFrequenciesIsFound) {
  const TempFolder folder;
  ASSERT_EQ(
      run({"scan", "-m", "models/demo", "-t", "data/demo/articles.txt", "-o", folder / "result"}).exit_code,
      0);
  const nlohmann::json record = nlohmann::json::parse(read_file(folder / "result/run.json"));
  const nlohmann::json lists = record["controls"]["nulls"].at(0);
  ASSERT_EQ(lists["kind"], "lists");
  ASSERT_EQ(lists["n_runs"], 20);
  EXPECT_LE(lists["n_runs_with_finding"], lists["band"]);
  for (const nlohmann::json& list : lists["runs"]) EXPECT_EQ(list["n_moderate"], 0);
  EXPECT_GE(record["n_significant"], 1106);
  const nlohmann::json words = record["unseen_words"];
  EXPECT_GE(words["n_moderate"], 189);
  EXPECT_GE(words["n_strong"], 49);
  EXPECT_GE(words["n_specific"], 50);
  EXPECT_GE(words["n_carrier"], 5);
}

}  // namespace
}  // namespace penfield::cli
