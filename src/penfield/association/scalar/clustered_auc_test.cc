#include "penfield/association/scalar/clustered_auc.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"
#include "penfield/base/random.h"

namespace penfield::association {
namespace {

const std::vector<float> kValues = {2.5, 3, 1, 4, 4, 2, 1, 0, 1.5, 3, 2, 0.5, 2.5, 1, 3.5, 0};
const std::vector<std::uint8_t> kLabels = {1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
const std::vector<std::uint32_t> kClusters = {0, 0, 0, 1, 2, 2, 3, 3, 4, 4, 4, 5, 6, 7, 7, 8};
const std::vector<std::uint32_t> kStrata = {0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1};

MatrixView<const float> column(const std::vector<float>& values) {
  return {values.data(), values.size(), 1};
}

void expect_area(const ClusteredAuc& area, double auc, double lo, double hi, double lo_90, double hi_90) {
  EXPECT_NEAR(area.auc, auc, 1e-14);
  EXPECT_NEAR(area.lo, lo, 1e-13);
  EXPECT_NEAR(area.hi, hi, 1e-13);
  EXPECT_NEAR(area.lo_90, lo_90, 1e-13);
  EXPECT_NEAR(area.hi_90, hi_90, 1e-13);
}

// Expected values: tools/make_clustered_auc_golden.py.
TEST(ClusteredAuc, IsThatOfTheDefinition) {
  const ClusteredSamples samples(kLabels, kClusters);
  EXPECT_EQ(samples.n_target_clusters(), 4u);
  EXPECT_EQ(samples.n_comparison_clusters(), 6u);
  expect_area(samples.areas(column(kValues))[0], 0.7063492063492064, 0.34203024673528304, 0.9175637432241174,
              0.4293019040326195, 0.8849472016491232);
}

TEST(ClusteredAuc, StrataAreWeightedByVanElteren) {
  expect_area(ClusteredSamples(kLabels, kClusters, kStrata).areas(column(kValues))[0], 0.7096774193548387,
              0.21016892117815297, 0.957366389792785, 0.3149595914726543, 0.9285528464288172);
}

TEST(ClusteredAuc, AStratumWithoutOneOfTheGroupsTakesNoPart) {
  std::vector<float> values = kValues;
  std::vector<std::uint8_t> labels = kLabels;
  std::vector<std::uint32_t> clusters = kClusters, strata(kValues.size(), 0);
  for (const float value : {100.0f, 200.0f}) {
    values.push_back(value);
    labels.push_back(0);
    clusters.push_back(9);
    strata.push_back(1);
  }
  const auto area = ClusteredSamples(labels, clusters, strata).areas(column(values))[0];
  EXPECT_NEAR(area.auc, 0.7063492063492064, 1e-14);
  EXPECT_NEAR(area.lo, 0.34203024673528304, 1e-13);
}

TEST(ClusteredAuc, AStratumWithOneClusterOfAGroupTakesNoPart) {
  std::vector<float> values = kValues;
  std::vector<std::uint8_t> labels = kLabels;
  std::vector<std::uint32_t> clusters = kClusters, strata(kValues.size(), 0);
  for (std::uint32_t i = 0; i < 12; ++i) {
    values.push_back(i < 6 ? 9.0f : 1.0f);
    labels.push_back(i < 6 ? 1 : 0);
    clusters.push_back(i < 6 ? i : 20);  // six words against six uses of one
    strata.push_back(1);
  }
  const ClusteredSamples samples(labels, clusters, strata);
  EXPECT_EQ(samples.n_target_clusters(), 4u);
  EXPECT_EQ(samples.n_comparison_clusters(), 6u);
  const auto area = samples.areas(column(values))[0];
  EXPECT_NEAR(area.auc, 0.7063492063492064, 1e-14);
  EXPECT_NEAR(area.lo, 0.34203024673528304, 1e-13);
}

TEST(ClusteredAuc, SeparatedGroupsKeepAnIntervalOfSomeWidth) {
  std::vector<float> values;
  std::vector<std::uint8_t> labels;
  std::vector<std::uint32_t> clusters;
  for (std::uint32_t i = 0; i < 60; ++i) {
    labels.push_back(i < 30 ? 1 : 0);
    values.push_back(i < 30 ? 5.0f : 1.0f);
    clusters.push_back(i);
  }
  const auto area = ClusteredSamples(labels, clusters).areas(column(values))[0];
  EXPECT_EQ(area.auc, 1);
  EXPECT_EQ(area.hi, 1);
  EXPECT_NEAR(area.lo, 1 - 3.0 / 30, 1e-15);
}

TEST(ClusteredAuc, HasNoValueWhereThereIsNone) {
  std::vector<float> missing = kValues;
  missing[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(ClusteredSamples(kLabels, kClusters).areas(column(missing))[0].auc));
  const std::vector<std::uint8_t> one_group(kValues.size(), 1);
  EXPECT_TRUE(std::isnan(ClusteredSamples(one_group, kClusters).areas(column(kValues))[0].auc));
  const std::vector<std::uint32_t> one_cluster(kValues.size(), 0);
  const auto area = ClusteredSamples(kLabels, one_cluster).areas(column(kValues))[0];
  EXPECT_FALSE(std::isnan(area.auc));
  EXPECT_TRUE(std::isnan(area.lo));
}

TEST(ClusteredAuc, ColumnsDoNotDependOnEachOtherOrOnThreads) {
  constexpr std::size_t kColumns = 37;
  std::vector<float> many;
  for (std::size_t r = 0; r < kValues.size(); ++r) {
    for (std::size_t c = 0; c < kColumns; ++c)
      many.push_back(kValues[r] * static_cast<float>(c + 1) - static_cast<float>(r * c % 7));
  }
  const MatrixView<const float> x(many.data(), kValues.size(), kColumns);
  const ClusteredSamples samples(kLabels, kClusters);
  set_threads(1);
  const auto alone = samples.areas(x);
  set_threads(3);
  const auto shared = samples.areas(x);
  set_threads(0);
  for (std::size_t c = 0; c < kColumns; ++c) {
    EXPECT_EQ(alone[c].lo, shared[c].lo);
    EXPECT_EQ(alone[c].auc, samples.areas(x.block(0, x.rows, c, 1))[0].auc);
  }
}

// How many of 1,000 intervals hold the true area. Words are used by Zipf's law, with a part of the variance
// that belongs to the word; each use is in one of the strata at even odds, whose values lie apart. The true
// area of two normal values with a distance d is Φ(d/√2).
int n_held(double distance, std::uint64_t n_strata) {
  const double truth = 0.5 * std::erfc(-distance / 2);
  int held = 0;
  for (std::uint64_t run = 0; run < 1000; ++run) {
    Random random(run + 17);
    std::vector<float> values;
    std::vector<std::uint8_t> labels;
    std::vector<std::uint32_t> words, strata;
    for (std::uint32_t word = 0; word < 160; ++word) {
      const std::uint8_t label = word % 2;
      const double of_word = std::sqrt(0.6) * simulated::normal(random);
      for (std::uint32_t use = 0; use < 1 + 24 / (1 + word / 2); ++use) {
        const double value =
            of_word + std::sqrt(0.4) * simulated::normal(random) + (label == 1 ? distance : 0);
        strata.push_back(static_cast<std::uint32_t>(random.below(n_strata)));
        values.push_back(static_cast<float>(value + strata.back()));
        labels.push_back(label);
        words.push_back(word);
      }
    }
    const auto area = ClusteredSamples(labels, words, strata).areas(column(values))[0];
    held += area.lo <= truth && truth <= area.hi;
  }
  return held;
}

// Bands: .92 to .98 of 1,000 simulations.
TEST(ClusteredAuc, IntervalsHoldTheTruthAsOftenAsTheySay) {
  for (const std::uint64_t n_strata : {1u, 2u}) {
    for (const double distance : {0.0, std::sqrt(2.0)}) {
      const int held = n_held(distance, n_strata);
      EXPECT_GE(held, 920) << distance << " in " << n_strata << " strata";
      EXPECT_LE(held, 980) << distance << " in " << n_strata << " strata";
    }
  }
}

}  // namespace
}  // namespace penfield::association
