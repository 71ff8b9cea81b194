#include "penfield/association/scalar/auc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/constants.h"

namespace penfield::association {
namespace {

// Placements by their definition, pair by pair.
PlacementSums by_pairs(const std::vector<double>& target, const std::vector<double>& comparison) {
  PlacementSums sums;
  for (const double t : target) {
    std::uint64_t placement = 0;
    for (const double c : comparison) placement += t > c ? 2u : t == c ? 1u : 0u;
    sums.target += placement;
    sums.target_squared += placement * placement;
  }
  for (const double c : comparison) {
    std::uint64_t placement = 0;
    for (const double t : target) placement += c > t ? 2u : t == c ? 1u : 0u;
    sums.comparison_squared += placement * placement;
  }
  return sums;
}

std::vector<double> sorted_draws(Random& random, std::size_t n, std::uint64_t n_values) {
  std::vector<double> out(n);
  for (double& value : out) value = static_cast<double>(random.below(n_values)) - 2.0;
  std::sort(out.begin(), out.end());
  return out;
}

TEST(MergePlacements, CountsEveryPairWithAndWithoutTies) {
  Random random(1);
  for (std::size_t n1 = 0; n1 < 12; ++n1) {
    for (std::size_t n0 = 0; n0 < 12; ++n0) {
      for (const std::uint64_t n_values : {1u, 3u, 10u, 1000000u}) {
        const std::vector<double> target = sorted_draws(random, n1, n_values);
        const std::vector<double> comparison = sorted_draws(random, n0, n_values);
        const PlacementSums got =
            merge_placements(target.data(), n1, comparison.data(), n0, 1, Called::kNone).sums;
        const PlacementSums want = by_pairs(target, comparison);
        EXPECT_EQ(got.target, want.target);
        EXPECT_EQ(got.target_squared, want.target_squared);
        EXPECT_EQ(got.comparison_squared, want.comparison_squared);
      }
    }
  }
}

// Every threshold there can be, tried.
double best_gain(const std::vector<double>& target, const std::vector<double>& comparison, double sign) {
  double best = 0;
  for (const auto* group : {&target, &comparison}) {
    for (const double threshold : *group) {
      const auto called = [&](double x) { return sign * x >= sign * threshold; };
      const auto hits = std::count_if(target.begin(), target.end(), called);
      const auto alarms = std::count_if(comparison.begin(), comparison.end(), called);
      best = std::max(best, static_cast<double>(hits) * static_cast<double>(comparison.size()) -
                                static_cast<double>(alarms) * static_cast<double>(target.size()));
    }
  }
  return best;
}

TEST(MergePlacements, TheBestCutIsThatOfAllThresholds) {
  Random random(2);
  for (std::size_t n1 = 1; n1 < 12; ++n1) {
    for (std::size_t n0 = 1; n0 < 12; ++n0) {
      for (const std::uint64_t n_values : {1u, 3u, 10u, 1000000u}) {
        const std::vector<double> target = sorted_draws(random, n1, n_values);
        const std::vector<double> comparison = sorted_draws(random, n0, n_values);
        for (const Called called : {Called::kAbove, Called::kBelow}) {
          const double sign = static_cast<double>(called);
          const BestCut cut = merge_placements(target.data(), n1, comparison.data(), n0, 1, called).cut;
          EXPECT_EQ(cut.gain, best_gain(target, comparison, sign));
          if (cut.gain == 0) {
            EXPECT_TRUE(std::isnan(threshold_of(cut, called)));
            continue;
          }
          const double threshold = threshold_of(cut, called);
          EXPECT_TRUE(cut.below < cut.above && threshold > cut.below && threshold < cut.above);
          const auto is_called = [&](double x) { return sign * x >= sign * threshold; };
          EXPECT_EQ(static_cast<double>(std::count_if(target.begin(), target.end(), is_called)) *
                            static_cast<double>(n0) -
                        static_cast<double>(std::count_if(comparison.begin(), comparison.end(), is_called)) *
                            static_cast<double>(n1),
                    cut.gain);
        }
      }
    }
  }
}

TEST(MergePlacements, OfEqualCutsThatWithTheFewestFalseAlarms) {
  // J is a half at 2 (one target, no comparison above 2) and at 0 (both targets, one of two comparisons).
  const std::vector<double> target = {0.5, 3};
  const std::vector<double> comparison = {-1, 2};
  const BestCut above = merge_placements(target.data(), 2, comparison.data(), 2, 1, Called::kAbove).cut;
  EXPECT_EQ(threshold_of(above, Called::kAbove), 2.5);
  const std::vector<double> low_target = {-3, -0.5};
  const std::vector<double> high_comparison = {-2, 1};
  const BestCut below =
      merge_placements(low_target.data(), 2, high_comparison.data(), 2, 1, Called::kBelow).cut;
  EXPECT_EQ(threshold_of(below, Called::kBelow), -2.5);
}

TEST(ThresholdOf, PartsNeighboursAndTheLargestNumbers) {
  const double above = std::nextafter(1.0, 2.0);
  EXPECT_EQ(threshold_of({1.0, above}, Called::kAbove), above);
  EXPECT_EQ(threshold_of({1.0, above}, Called::kBelow), 1.0);
  const double largest = std::numeric_limits<double>::max();
  EXPECT_EQ(threshold_of({-largest, largest}, Called::kAbove), 0.0);
  EXPECT_TRUE(std::isfinite(threshold_of({largest / 2, largest}, Called::kAbove)));
}

TEST(Delong, VarianceByItsDefinition) {
  const std::vector<double> target = {0.1, 0.4, 0.4, 0.9, 1.5};
  const std::vector<double> comparison = {-1.0, 0.2, 0.4, 1.0};
  const AreaUnderCurve area = delong(by_pairs(target, comparison), 5, 4);
  // Placements of targets: 1, 2.5, 2.5, 3, 4 of 4; of comparisons (targets above): 5, 4, 3, 1 of 5.
  EXPECT_DOUBLE_EQ(area.auc, 13.0 / 20.0);
  const double s10 = (std::pow(0.25 - 0.65, 2) + 2 * std::pow(0.625 - 0.65, 2) + std::pow(0.75 - 0.65, 2) +
                      std::pow(1.0 - 0.65, 2)) /
                     4.0;
  const double s01 = (std::pow(1.0 - 0.65, 2) + std::pow(0.8 - 0.65, 2) + std::pow(0.6 - 0.65, 2) +
                      std::pow(0.2 - 0.65, 2)) /
                     3.0;
  const double half = numeric::kNormal975 * std::sqrt(s10 / 5.0 + s01 / 4.0);
  EXPECT_NEAR(area.lo, std::max(0.0, 0.65 - half), 1e-15);
  EXPECT_NEAR(area.hi, std::min(1.0, 0.65 + half), 1e-15);
}

TEST(Delong, SeparatedGroupsGiveAPoint) {
  const AreaUnderCurve area = delong(by_pairs({2, 3, 4}, {-1, 0, 1}), 3, 3);
  EXPECT_EQ(area.auc, 1.0);
  EXPECT_EQ(area.lo, 1.0);
  EXPECT_EQ(area.hi, 1.0);
}

}  // namespace
}  // namespace penfield::association
