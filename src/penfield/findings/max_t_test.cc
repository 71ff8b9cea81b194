#include "penfield/findings/max_t.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "penfield/findings/judge.h"

namespace penfield::findings {
namespace {

using permutation::PermutationTable;

// 99 permutations whose greatest statistics are 1 … 99; the columns' counts are made up.
PermutationTable table_of(std::vector<double> statistic, std::vector<std::uint32_t> single,
                          std::vector<std::uint32_t> down) {
  PermutationTable table;
  table.n_permutations = 99;
  table.n_tests = statistic.size();
  table.statistic = std::move(statistic);
  table.n_single_step = std::move(single);
  table.n_step_down = std::move(down);
  for (int k = 1; k <= 99; ++k) table.greatest.push_back(k);
  table.inflation = 1.5;
  table.n_effective = 2.5;
  return table;
}

TEST(MaxT, TheLabelsAsTheyAreCountAsOnePermutation) {
  const PermutationTable table = table_of({50, NAN, 120}, {50, 0, 0}, {30, 0, 0});
  const std::vector<double> single = adjust_by_permutation(table, MaxT::kSingleStep);
  EXPECT_NEAR(single[0], -std::log10(0.51), 1e-12);
  EXPECT_TRUE(std::isnan(single[1]));
  EXPECT_NEAR(single[2], 2, 1e-12);
  EXPECT_NEAR(adjust_by_permutation(table, MaxT::kStepDown)[0], -std::log10(0.31), 1e-12);
}

TEST(MaxT, TheThresholdIsWhatAFindingMustExceed) {
  // p = (1 + b)/100 < .05: at most three permutations may reach a finding, so it must exceed the fourth
  // greatest.
  EXPECT_EQ(summarise_permutations(table_of({1}, {0}, {0}), findings::Test::kLrt, 0.05).chi2_threshold, 96);
  EXPECT_EQ(summarise_permutations(table_of({1}, {0}, {0}), findings::Test::kLrt, 0.011).chi2_threshold, 99);
  EXPECT_TRUE(
      std::isnan(summarise_permutations(table_of({1}, {0}, {0}), findings::Test::kLrt, 0.01).chi2_threshold));
}

TEST(MaxT, BandsAreThoseOfTheChosenTestAlone) {
  PermutationTable table = table_of({1}, {0}, {0});
  table.rank_bands = {{.rank = 1, .lo = 1, .median = 2, .hi = 3}};
  const auto n_bands = [&](findings::Test test) {
    return summarise_permutations(table, test, 0.05).rank_bands.size();
  };
  for (const findings::Test test : {findings::Test::kLrt, findings::Test::kWald, findings::Test::kScore})
    EXPECT_EQ(n_bands(test), 1u);
  EXPECT_EQ(n_bands(findings::Test::kWords) + n_bands(findings::Test::kRank), 0u);
  table.is_studentised = true;
  EXPECT_EQ(n_bands(findings::Test::kWords), 1u);
  EXPECT_EQ(n_bands(findings::Test::kLrt) + n_bands(findings::Test::kRank), 0u);
}

TEST(MaxT, TooFewPermutationsOrArrangementsAreRefused) {
  EXPECT_TRUE(check_permutations(20, 5, 0.05));
  const auto few = check_permutations(19, 5, 0.05);
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(few.error().message, testing::HasSubstr("at least 20"));
  EXPECT_TRUE(check_permutations(1000, std::log10(21.0), 0.05));
  EXPECT_FALSE(check_permutations(1000, std::log10(20.0), 0.05));
}

// No loop over counts that a double cannot tell apart, and no advice that the program refuses.
TEST(MaxT, AnAlphaThatNoCountOfPermutationsReachesIsRefused) {
  for (const double alpha : {1e-18, 5e-324, 9.99e-7}) {
    const auto refused = check_permutation_count(1000, alpha);
    ASSERT_FALSE(refused) << alpha;
    EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("--alpha")) << refused.error().message;
    EXPECT_THAT(refused.error().message, testing::Not(testing::HasSubstr("at least"))) << alpha;
    EXPECT_FALSE(check_permutations(permutation::kMostPermutations, 300, alpha)) << alpha;
  }
  for (const double alpha : {1e-6, 1.1e-6, 0.001, 0.07, 1.0 / 3, 0.999}) {
    const auto few = check_permutation_count(1, alpha);
    if (few) continue;  // .999
    const std::string& message = few.error().message;
    const std::size_t at = message.rfind("at least ");
    ASSERT_NE(at, std::string::npos) << message;
    const std::uint64_t enough = std::stoull(message.substr(at + 9));
    EXPECT_TRUE(check_permutation_count(enough, alpha)) << alpha;
    EXPECT_FALSE(check_permutation_count(enough - 1, alpha)) << alpha;
  }
}

// Every count of permutations that reach a unit, with alpha as a fraction of whole numbers.
TEST(MaxT, PIsBelowAlphaStrictlyAndInWholeNumbers) {
  const std::pair<double, std::uint64_t> alphas[] = {{.05, 500},  {.01, 100}, {.1, 1000}, {.07, 700},
                                                     {.29, 2900}, {.001, 10}, {.0005, 5}, {.15, 1500}};
  for (const std::uint64_t n : {9u, 19u, 20u, 99u, 100u, 199u, 999u, 1000u, 1999u, 9999u}) {
    PermutationTable table;
    table.n_permutations = n;
    for (std::uint64_t b = 0; b <= n; ++b) {
      table.statistic.push_back(1);
      table.n_single_step.push_back(static_cast<std::uint32_t>(b));
    }
    table.n_step_down = table.n_single_step;
    for (std::uint64_t k = 1; k <= n; ++k) table.greatest.push_back(static_cast<double>(k));
    for (const auto& [alpha, in_ten_thousand] : alphas) {
      const std::vector<bool> found = found_by_permutation(table, MaxT::kSingleStep, alpha);
      for (std::uint64_t b = 0; b <= n; ++b)
        ASSERT_EQ(found[b], (1 + b) * 10000 < in_ten_thousand * (1 + n)) << b << " of " << n << ", " << alpha;
      EXPECT_EQ(found_by_permutation(table, MaxT::kStepDown, alpha), found);
      const auto n_found = static_cast<std::uint64_t>(std::count(found.begin(), found.end(), true));
      const double threshold = summarise_permutations(table, findings::Test::kLrt, alpha).chi2_threshold;
      if (n_found == 0) {
        EXPECT_TRUE(std::isnan(threshold)) << n << ", " << alpha;
      } else {  // what exceeds it is reached by at most n_found - 1
        EXPECT_EQ(threshold, static_cast<double>(n - n_found + 1)) << n << ", " << alpha;
      }
      EXPECT_EQ(check_permutations(n, 300, alpha).has_value(), n_found > 0) << n << ", " << alpha;
    }
  }
}

association::UnitFit fit(double neglog10_p) {
  association::UnitFit out;
  out.status = association::FitStatus::kOk;
  out.beta = 1;
  out.neglog10_p_lrt = out.neglog10_p_score = neglog10_p;
  return out;
}

TEST(MaxT, JudgesEachFamilyByItsPermutations) {
  const std::vector<LayerFits> layers = {
      {.layer = 1, .discovery = {.n_target = 9, .n_comparison = 9, .rows = {fit(9), fit(1)}}, .held_out = {}},
      {.layer = 0, .discovery = {.n_target = 9, .n_comparison = 9, .rows = {fit(9)}}, .held_out = {}}};
  FindingOptions options;
  options.correction = Correction::kMaxT;
  const std::vector<PermutationTable> tables = {table_of({10}, {90}, {90}),
                                                table_of({99, 98}, {4, 4}, {4, 3})};
  FindingTable found = judge(layers, options, tables);
  ASSERT_EQ(found.units.size(), 3u);  // layer 0 first
  EXPECT_FALSE(found.units[0].significant);
  EXPECT_FALSE(found.units[1].significant) << "p = .05 is not below .05";
  EXPECT_TRUE(found.units[2].significant);
  EXPECT_EQ(found.families[1].permutation.n_permutations, 99u);
  EXPECT_EQ(found.families[1].permutation.chi2_threshold, 96);
  options.max_t = MaxT::kSingleStep;
  found = judge(layers, options, tables);
  EXPECT_EQ(found.n_significant, 0u);

  options.family = Family::kModel;
  const std::vector<PermutationTable> one = {table_of({10, 99, 98}, {90, 4, 3}, {90, 4, 3})};
  found = judge(layers, options, one);
  EXPECT_TRUE(found.units[2].significant);
  EXPECT_EQ(found.families[0].n_tests, 3u);
}

TEST(MaxT, OtherCorrectionsAreOnlyDescribedByPermutations) {
  const std::vector<LayerFits> layers = {
      {.layer = 1,
       .discovery = {.n_target = 9, .n_comparison = 9, .rows = {fit(9), fit(1)}},
       .held_out = {}}};
  const std::vector<PermutationTable> tables = {table_of({99, 98}, {99, 99}, {99, 99})};
  const FindingTable found = judge(layers, {}, tables);
  EXPECT_TRUE(found.units[0].significant);
  EXPECT_EQ(found.families[0].permutation.inflation, 1.5);
  EXPECT_EQ(judge(layers, {}).families[0].permutation.n_permutations, 0u);
}

}  // namespace
}  // namespace penfield::findings
