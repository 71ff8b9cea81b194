#include "penfield/study/fit_layers.h"

#include <gtest/gtest.h>

#include <cstring>
#include <utility>

#include "penfield/association/fit.h"
#include "penfield/base/random.h"

namespace penfield::study {
namespace {

constexpr std::size_t kUnits = 37;

activations::ActivationBlock random_block(std::uint32_t layer, std::size_t n_samples, std::uint64_t seed) {
  activations::ActivationBlock block{
      .site = Site::kMlpPost, .layer = layer, .n_samples = n_samples, .n_units = kUnits, .values = {}};
  Random random(seed);
  for (std::size_t i = 0; i < n_samples * kUnits; ++i)
    block.values.push_back(static_cast<float>(random.uniform() - 0.5));
  return block;
}

RowSet set_of(std::vector<std::uint32_t> rows, std::uint64_t seed) {
  RowSet set{.rows = std::move(rows), .labels = {}};
  Random random(seed);
  for (std::size_t i = 0; i < set.size(); ++i)
    set.labels.push_back(i % 3 == 0 || random.below(4) == 0 ? 1 : 0);
  return set;
}

void expect_same(const association::FitTable& a, const association::FitTable& b) {
  EXPECT_EQ(a.n_target, b.n_target);
  EXPECT_EQ(a.n_comparison, b.n_comparison);
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    EXPECT_EQ(a.rows[i].status, b.rows[i].status) << i;
    for (const auto member :
         {&association::UnitFit::beta, &association::UnitFit::se, &association::UnitFit::lrt_chi2,
          &association::UnitFit::auc, &association::UnitFit::mean_target}) {
      EXPECT_EQ(std::memcmp(&(a.rows[i].*member), &(b.rows[i].*member), sizeof(double)), 0) << i;
    }
  }
}

TEST(FitLayers, APlansSamplesAreTheRowsOfItsTwoSplits) {
  sample::SamplePlan plan;
  for (const bool is_target : {true, false, false, true, false})
    plan.samples.push_back({.is_target = is_target});
  plan.n_discovery_samples = 3;
  const SplitRows rows = rows_of_plan(plan);
  EXPECT_EQ(rows.discovery.rows, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(rows.discovery.labels, (std::vector<std::uint8_t>{1, 0, 0}));
  EXPECT_EQ(rows.held_out.rows, (std::vector<std::uint32_t>{3, 4}));
  EXPECT_EQ(rows.held_out.labels, (std::vector<std::uint8_t>{1, 0}));
}

// Firth's estimates as logistf gives them (docs/numerics.md): the rows that carry them lie apart in the
// block, and the rows between would change them.
TEST(FitLayers, RowsThatLieApartGiveTheKnownEstimates) {
  const std::vector<float> x = {-3, 9, -2, -1, 9, 1, 2, -9, 3, 7};
  const activations::ActivationBlock block{
      .site = Site::kMlpPre, .layer = 4, .n_samples = x.size(), .n_units = 1, .values = x};
  const RowSet apart{.rows = {0, 2, 3, 5, 6, 8}, .labels = {0, 0, 0, 1, 1, 1}};
  const findings::LayerFits fits = LayerFitter().fit(block, {.discovery = apart, .held_out = {}});
  EXPECT_EQ(fits.layer, 4u);
  EXPECT_EQ(fits.discovery.n_target, 3u);
  EXPECT_EQ(fits.discovery.rows.at(0).status, association::FitStatus::kSeparated);
  EXPECT_NEAR(fits.discovery.rows.at(0).beta, 0.9384164886, 5e-11);
  EXPECT_NEAR(fits.discovery.rows.at(0).lrt_chi2, 4.3699982, 5e-8);
  EXPECT_TRUE(fits.held_out.rows.empty());
}

TEST(FitLayers, GatheredOrInPlaceTheSameBits) {
  const activations::ActivationBlock block = random_block(0, 60, 1);
  std::vector<std::uint32_t> chosen;
  activations::ActivationBlock only_chosen{
      .site = block.site, .layer = 0, .n_samples = 0, .n_units = kUnits, .values = {}};
  for (std::uint32_t row = 2; row < 60; row += 1 + row % 3) {
    chosen.push_back(row);
    const auto values = block.view().row(row);
    only_chosen.values.insert(only_chosen.values.end(), values.begin(), values.end());
  }
  only_chosen.n_samples = chosen.size();
  std::vector<std::uint32_t> all(chosen.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const findings::LayerFits gathered =
      LayerFitter().fit(block, {.discovery = set_of(chosen, 5), .held_out = set_of({1, 3, 4, 7, 9, 50}, 6)});
  const findings::LayerFits in_place =
      LayerFitter().fit(only_chosen, {.discovery = set_of(all, 5), .held_out = {}});
  expect_same(gathered.discovery, in_place.discovery);
  EXPECT_EQ(gathered.held_out.rows.size(), kUnits);
}

// The scratch rows of one layer or split leave nothing behind for the next.
TEST(FitLayers, EveryLayerIsFittedOnItsOwn) {
  const std::vector<activations::ActivationBlock> blocks = {random_block(0, 40, 1), random_block(3, 40, 2)};
  const SplitRows rows = {.discovery = set_of({0, 2, 3, 5, 8, 13, 14, 15, 16, 18}, 3),
                          .held_out = set_of({20, 21, 22, 30, 31, 33}, 4)};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
  const std::vector<findings::LayerFits> fits =
      fit_layers(blocks, rows, [&](std::uint64_t done, std::uint64_t all) { seen.emplace_back(done, all); });
  ASSERT_EQ(fits.size(), 2u);
  for (std::size_t b = 0; b < 2; ++b) {
    EXPECT_EQ(fits[b].layer, blocks[b].layer);
    EXPECT_EQ(fits[b].site, Site::kMlpPost);
    const findings::LayerFits alone = LayerFitter().fit(blocks[b], rows);
    expect_same(fits[b].discovery, alone.discovery);
    expect_same(fits[b].held_out, alone.held_out);
  }
  EXPECT_EQ(seen, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{1, 2}, {2, 2}}));
}

}  // namespace
}  // namespace penfield::study
