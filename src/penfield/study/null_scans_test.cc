#include "penfield/study/null_scans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace penfield::study {
namespace {

using store::NullKind;

SplitRows rows_of(std::size_t n_discovery, std::size_t n_held_out) {
  SplitRows rows;
  for (std::uint32_t i = 0; i < n_discovery + n_held_out; ++i) {
    RowSet& set = i < n_discovery ? rows.discovery : rows.held_out;
    set.rows.push_back(i);
    set.labels.push_back(i % 2 == 0 ? 1 : 0);
  }
  return rows;
}

TEST(NullScans, PermutedLabelsKeepRowsAndGroupSizes) {
  const SplitRows rows = rows_of(100, 60);
  Random random(4);
  const SplitRows other = permute_labels(rows, random);
  EXPECT_EQ(other.discovery.rows, rows.discovery.rows);
  EXPECT_NE(other.discovery.labels, rows.discovery.labels);
  EXPECT_NE(other.held_out.labels, rows.held_out.labels);
  EXPECT_TRUE(std::is_permutation(other.discovery.labels.begin(), other.discovery.labels.end(),
                                  rows.discovery.labels.begin()));
  EXPECT_TRUE(std::is_permutation(other.held_out.labels.begin(), other.held_out.labels.end(),
                                  rows.held_out.labels.begin()));
}

TEST(NullScans, ATypeHasOneLabelInBothSplits) {
  const SplitRows rows = rows_of(300, 100);
  std::vector<TokenId> types;
  for (std::uint32_t i = 0; i < 400; ++i) types.push_back(TokenId{i * i % 37});
  Random random(4);
  const SplitRows other = label_types(rows, types, random);
  std::map<TokenId, std::uint8_t> label;
  int n_target = 0;
  for (const RowSet* set : {&other.discovery, &other.held_out}) {
    for (std::size_t i = 0; i < set->size(); ++i) {
      EXPECT_EQ(label.emplace(types[set->rows[i]], set->labels[i]).first->second, set->labels[i]);
      n_target += set == &other.discovery ? set->labels[i] : 0;
    }
  }
  EXPECT_GE(n_target, 150);
  EXPECT_LT(n_target, 175) << "at most one type more";
}

// Streams of neighbouring purposes, as the tensors of a model have.
TEST(NullScans, RunsShareNoStreamOfRandomNumbers) {
  constexpr std::uint64_t kRuns = 20, kPurposes = 80, kPurpose = 0x7765696768740000;
  std::set<std::uint64_t> firsts;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    for (std::uint64_t i = 0; i < kPurposes; ++i)
      firsts.insert(Random::stream(seed_of_run(7, run), kPurpose + i).below(~std::uint64_t{0}));
  }
  EXPECT_EQ(firsts.size(), kRuns * kPurposes);
}

// SciPy 1.10.1: binom.isf(tail, n, p).
TEST(NullScans, TheBandIsThatOfTheBinomial) {
  EXPECT_EQ(binomial_band(20, 0.05, 0.01), 4u);
  EXPECT_EQ(binomial_band(10, 0.5, 0.01), 9u);
  EXPECT_EQ(binomial_band(1, 0.05, 0.01), 1u);
  EXPECT_EQ(binomial_band(20, 0.05, 0.01 / 24), 5u);
  EXPECT_EQ(binomial_band(1000, 0.05, 0.01), 67u);
}

TEST(NullScans, RunsAreCountedByFamily) {
  findings::FindingTable found;
  found.layers = {{.layer = 0, .n_units = 8, .n_significant_positive = 2, .best_neglog10_p = 3},
                  {.layer = 1, .n_units = 8}};
  found.n_significant = 2;
  findings::FindingTable nothing = found;
  nothing.n_significant = 0;
  nothing.layers[0].n_significant_positive = 0;
  nothing.layers[0].best_neglog10_p = 9;
  findings::FindingOptions options;
  options.family = findings::Family::kLayer;
  store::NullRecord null{.kind = NullKind::kLabels};
  add_run(found, options, null);
  add_run(nothing, options, null);
  add_run(found, options, null);
  EXPECT_EQ(null.n_runs, 3u);
  EXPECT_EQ(null.n_runs_with_finding, 2u);
  EXPECT_EQ(null.n_significant, 4u);
  EXPECT_EQ(null.most_runs_of_a_family, 2u);
  EXPECT_EQ(null.band, binomial_band(3, 0.05, 0.005));
  EXPECT_EQ(null.best_neglog10_p, 9);
  ASSERT_EQ(null.layers.size(), 2u);
  EXPECT_EQ(null.layers[0].n_runs_with_finding, 2u);
  EXPECT_EQ(null.layers[1].n_runs_with_finding, 0u);
  options.correction = findings::Correction::kNone;
  store::NullRecord uncorrected{.kind = NullKind::kLabels};
  add_run(found, options, uncorrected);
  EXPECT_EQ(uncorrected.band, std::nullopt) << "nothing is promised for any finding";
  store::NullRecord strict{.kind = NullKind::kLists};
  add_run(nothing, {.alpha = 0.001}, strict);
  EXPECT_EQ(strict.band, 0u) << "a single run may find nothing";
}

}  // namespace
}  // namespace penfield::study
