// Max-statistic permutation from the command line: `associate` on given arrays, `scan` on a planted model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "files.h"
#include "program.h"

namespace penfield::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// 12 samples in four blocks. Column 0 tells the groups apart, 1 does not, 2 is constant, 3 holds a NaN.
class AssociateMaxT : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<float> x;
    for (int i = 0; i < 12; ++i) {
      const auto noise = static_cast<float>(i * 7 % 12);
      x.insert(x.end(), {static_cast<float>(labels_[static_cast<std::size_t>(i)]) * 20 + noise, noise, 2.0F,
                         i == 3 ? std::nanf("") : noise});
    }
    write_file(folder_ / "x.npy", npy_matrix(12, 4, x));
    write_file(folder_ / "y.npy", npy_labels(labels_));
  }

  CommandResult associate(std::vector<std::string> more) {
    std::vector<std::string> arguments = {"associate", folder_ / "x.npy", folder_ / "y.npy", "--correction",
                                          "maxt"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  std::vector<unsigned char> labels_ = {1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1};
  TempFolder folder_;
};

TEST_F(AssociateMaxT, FindsByPermutation) {
  const CommandResult result = associate({});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Table table = parse_tsv(result.out);
  // 924 arrangements, of which two, the labels themselves and their mirror, part the groups as well.
  EXPECT_GT(table.number(0, "neglog10_p_adj"), -std::log10(0.01));
  EXPECT_EQ(table.at(0, "significant"), "1");
  EXPECT_EQ(table.at(1, "significant"), "0");
  EXPECT_EQ(table.at(2, "neglog10_p_adj"), "");
  EXPECT_EQ(table.at(3, "neglog10_p_adj"), "");
  EXPECT_EQ(table.at(0, "neglog10_p"), table.at(0, "neglog10_p_score"));
  EXPECT_THAT(result.err, HasSubstr("1000 permutations of 2 columns"));
  EXPECT_EQ(associate({}).out, result.out);
  EXPECT_EQ(associate({"-j", "1"}).out, result.out);
  EXPECT_NE(associate({"--permutations", "60", "--maxt", "single-step"}).out, result.out);
}

TEST_F(AssociateMaxT, AUnitWithoutAWaldPMayBeFoundInAnyPlace) {
  std::vector<std::string> corrected;
  for (const bool separated_first : {true, false}) {
    std::vector<float> x;
    for (int i = 0; i < 12; ++i) {
      const auto noise = static_cast<float>(i * 7 % 12);
      const auto label = static_cast<float>(labels_[static_cast<std::size_t>(i)]);
      const float separated = 20 * label + noise, overlapping = 9 * label + noise;
      x.insert(x.end(),
               {separated_first ? separated : overlapping, separated_first ? overlapping : separated});
    }
    write_file(folder_ / "x.npy", npy_matrix(12, 2, x));
    const CommandResult result = associate({"--test", "wald"});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const Table table = parse_tsv(result.out);
    const std::size_t separated = separated_first ? 0 : 1;
    EXPECT_EQ(table.at(separated, "neglog10_p_wald"), "");
    EXPECT_EQ(table.at(separated, "significant"), "1");
    EXPECT_EQ(table.at(1 - separated, "significant"), "1");
    corrected.push_back(table.at(1 - separated, "beta_corrected"));
  }
  EXPECT_EQ(corrected[0], corrected[1]) << "whichever stands first";
  EXPECT_NE(corrected[0], "");
}

TEST_F(AssociateMaxT, WhatWouldBeIgnoredOrCannotBeHeldIsRefused) {
  const CommandResult many = associate({"--permutations", "9223372036854775808"});
  EXPECT_EQ(many.exit_code, 2);
  EXPECT_THAT(many.err, HasSubstr("from 1 to 1000000"));
  write_file(folder_ / "strata.npy", npy_labels(labels_));
  const CommandResult strata =
      run({"associate", folder_ / "x.npy", folder_ / "y.npy", "--strata", folder_ / "strata.npy"});
  EXPECT_EQ(strata.exit_code, 2);
  EXPECT_THAT(strata.err, HasSubstr("--strata only affects permutations"));
  for (const std::vector<std::string>& way : {std::vector<std::string>{"--maxt", "single-step"},
                                              {"--maxt", "step-down", "--correction", "bh"},
                                              {"--maxt", "single-step", "--permutations", "100"}}) {
    std::vector<std::string> arguments = {"associate", folder_ / "not there.npy", folder_ / "y.npy"};
    arguments.insert(arguments.end(), way.begin(), way.end());
    const CommandResult refused = run(arguments);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err_lines(), SizeIs(1));
    EXPECT_THAT(refused.err, AllOf(HasSubstr("--maxt"), HasSubstr("--correction maxt")));
  }
}

TEST_F(AssociateMaxT, ExchangesWithinStrata) {
  write_file(folder_ / "blocks.npy", npy_labels({0, 0, 0, 0, 3, 3, 3, 3, 9, 9, 9, 9}));
  const CommandResult within = associate({"--strata", folder_ / "blocks.npy"});
  ASSERT_EQ(within.exit_code, 0) << within.err;
  EXPECT_NE(within.out, associate({}).out);
  // Blocks of one label: one target and one comparison block, which are two observations.
  write_file(folder_ / "blocks.npy", npy_labels({1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1}));
  const CommandResult few = associate({"--strata", folder_ / "blocks.npy"});
  EXPECT_EQ(few.exit_code, 3);
  EXPECT_THAT(few.err, HasSubstr("needs 5 of each"));
}

// Pairs of a target and another sample: 2ⁿ arrangements, of which any and its mirror have the same statistic.
TEST_F(AssociateMaxT, RefusesWhatTwoMirroredArrangementsCannotFind) {
  for (const std::size_t n_pairs : {5u, 6u}) {
    std::vector<float> x;
    std::vector<unsigned char> labels, pairs;
    for (std::size_t i = 0; i < 2 * n_pairs; ++i) {
      labels.push_back(i % 2);
      pairs.push_back(static_cast<unsigned char>(i / 2));
      x.push_back(static_cast<float>(10 * (i % 2) + i * 7 % 5));
    }
    write_file(folder_ / "x.npy", npy_matrix(2 * n_pairs, 1, x));
    write_file(folder_ / "y.npy", npy_labels(labels));
    write_file(folder_ / "pairs.npy", npy_labels(pairs));
    const CommandResult result = associate({"--strata", folder_ / "pairs.npy"});
    EXPECT_EQ(result.exit_code, n_pairs == 5 ? 2 : 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr(n_pairs == 5 ? "no p below 0.0625" : "1000 permutations"));
  }
}

// The band of the inflation rests on 200 permutations; of fewer nothing is said.
TEST_F(AssociateMaxT, SaysNoBandWhereThereIsNone) {
  for (const char* n : {"60", "199", "200"}) {
    const CommandResult result = associate({"--permutations", n});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("inflation"));
    EXPECT_EQ(result.err.find("nan"), std::string::npos) << result.err;
    EXPECT_EQ(result.err.find("under permuted labels") != std::string::npos, n == std::string("200"));
  }
}

TEST_F(AssociateMaxT, RefusesWhatCannotBe) {
  const CommandResult few = associate({"--permutations", "10"});
  EXPECT_EQ(few.exit_code, 2);
  EXPECT_THAT(few.err_lines(), SizeIs(1));
  EXPECT_THAT(few.err, AllOf(HasSubstr("--permutations 10"), HasSubstr("at least 20")));
  const CommandResult never = associate({"--alpha", "1e-18"});
  EXPECT_EQ(never.exit_code, 2);
  EXPECT_THAT(never.err_lines(), SizeIs(1));
  EXPECT_THAT(never.err, HasSubstr("--alpha 1e-18"));
  write_file(folder_ / "blocks.npy", npy_labels({0, 0, 1}));
  const CommandResult short_file = associate({"--strata", folder_ / "blocks.npy"});
  EXPECT_EQ(short_file.exit_code, 3);
  EXPECT_THAT(short_file.err, AllOf(HasSubstr("blocks.npy"), HasSubstr("3 blocks")));
  const std::vector<float> halves(12, 0.5F);
  write_file(folder_ / "blocks.npy", npy_vector(halves));
  const CommandResult broken = associate({"--strata", folder_ / "blocks.npy"});
  EXPECT_EQ(broken.exit_code, 3);
  EXPECT_THAT(broken.err, HasSubstr("block 0 is 0.5"));
}

TEST(ScanMaxT, WhatWouldBeIgnoredIsRefused) {
  const TempFolder folder;
  make_planted_model(folder.path(), {"--text", folder / "text.txt", "--documents", "2",
                                     "--tokens-per-document", "300", "--planted", "L1.9"});
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--maxt", "single-step"}, "--maxt single-step: "},
      {{"--maxt", "step-down", "--correction", "holm", "--permutations", "50"}, "the correction is holm"},
      {{"--permute-within", "document"}, "--permute-within document: "},
      {{"--null-runs", "5"}, "--null-runs 5: "}};
  for (const auto& [more, words] : cases) {
    for (const char* end : {"--force", "--dry-run"}) {
      std::vector<std::string> scan = {"scan",
                                       "--profile",
                                       "descriptive",
                                       "-m",
                                       folder.path(),
                                       "-t",
                                       folder / "text.txt",
                                       "-o",
                                       folder / "result",
                                       end};
      scan.insert(scan.end(), more.begin(), more.end());
      const CommandResult refused = run(scan);
      EXPECT_EQ(refused.exit_code, 2) << words;
      EXPECT_THAT(refused.err_lines(), SizeIs(1)) << refused.err;
      EXPECT_THAT(refused.err, HasSubstr(words));
    }
  }
}

TEST(ScanMaxT, RecordsItsPermutations) {
  const TempFolder folder;
  make_planted_model(folder.path(), {"--text", folder / "text.txt", "--documents", "2",
                                     "--tokens-per-document", "300", "--planted", "L1.9"});
  const std::vector<std::string> scan = {"scan",           "--profile", "descriptive",       "-m",
                                         folder.path(),    "-t",        folder / "text.txt", "-q",
                                         "--correction",   "maxt",      "--permute-within",  "token-type",
                                         "--permutations", "400",       "--force",           "-o",
                                         folder / "result"};
  const CommandResult result = run(scan);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string units = read_file(folder / "result/units.tsv");
  const Table table = parse_tsv(units);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (table.at(row, "unit") == "L1.9") {
      EXPECT_NEAR(table.number(row, "neglog10_p_adj"), std::log10(401.0), 1e-12);
    }
  }
  const auto json = nlohmann::json::parse(read_file(folder / "result/run.json"));
  EXPECT_EQ(json["correction"], "maxt");
  EXPECT_EQ(json["test"], "score");
  EXPECT_EQ(json["options"]["permutations"], "400");
  EXPECT_EQ(json["permutation"]["within"], "token-type");
  EXPECT_EQ(json["families"][0]["permutation"]["n_permutations"], 400);
  EXPECT_GT(json["families"][0]["permutation"]["n_effective"], 1);
  EXPECT_TRUE(json["families"][0]["permutation"]["rank_bands"].empty()) << "p is of scores, not of means";
  EXPECT_THAT(run({"show", folder / "result"}).out, HasSubstr("independent tests"));

  // A family a layer, and one thread: the same bytes as two.
  std::vector<std::string> by_layer = scan;
  by_layer.insert(by_layer.end(), {"--family", "layer", "--maxt", "single-step"});
  ASSERT_EQ(run(by_layer).exit_code, 0);
  const std::string first = read_file(folder / "result/units.tsv");
  by_layer.insert(by_layer.end(), {"-j", "1"});
  ASSERT_EQ(run(by_layer).exit_code, 0);
  EXPECT_EQ(read_file(folder / "result/units.tsv"), first);
  EXPECT_NE(first, units);
}

}  // namespace
}  // namespace penfield::cli
