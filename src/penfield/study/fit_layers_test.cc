#include "penfield/study/fit_layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <utility>

#include "penfield/association/fit.h"
#include "penfield/base/parallel.h"
#include "penfield/base/random.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/welch_of_items.h"
#include "penfield/study/rows/row_regression.h"

namespace penfield::study {
namespace {

constexpr std::size_t kUnits = 37;

std::vector<float> random_values(std::size_t n_samples, std::uint64_t seed) {
  std::vector<float> values(n_samples * kUnits);
  Random random(seed);
  for (float& value : values) value = static_cast<float>(random.uniform() - 0.5);
  return values;
}

activations::ActivationBlock block_of(const std::vector<float>& values, std::size_t n_units,
                                      std::uint32_t layer = 0) {
  return {.site = Site::kMlpPost,
          .layer = layer,
          .first_unit = 0,
          .values = {values.data(), values.size() / n_units, n_units}};
}

// Layers 0 and 3, handed on some columns at a time.
class StoreForTests final : public activations::ActivationStore {
 public:
  StoreForTests(const activations::CapturePlan& plan, std::vector<std::vector<float>> layers,
                std::size_t block_units)
      : ActivationStore(plan), layers_(std::move(layers)), block_units_(block_units) {}
  [[nodiscard]] static activations::CapturePlan plan_of(std::size_t n_samples) {
    activations::CapturePlan plan;
    plan.taps = {{Site::kMlpPost}, {0, 3}};
    for (const std::uint32_t layer : plan.taps.layers) {
      plan.matrices.push_back(
          {.site = Site::kMlpPost, .layer = layer, .n_rows = n_samples, .n_cols = kUnits});
    }
    return plan;
  }

  [[nodiscard]] bool has_pass(std::size_t) const override { return true; }
  Result<void> put(std::size_t, std::size_t, MatrixView<const float>) override { return {}; }
  Result<void> end_pass(std::size_t) override { return {}; }
  Result<void> visit_columns(std::size_t matrix, const activations::ColumnsVisitor& visit) const override {
    const MatrixView<const float> whole = block_of(layers_[matrix], kUnits).view();
    for (std::size_t col = 0; col < kUnits; col += block_units_) {
      const std::size_t n_cols = std::min(block_units_, kUnits - col);
      n_handed_on_ += n_cols;
      PENFIELD_TRY_VOID(visit(col, whole.block(0, whole.rows, col, n_cols)));
    }
    return {};
  }
  [[nodiscard]] std::size_t n_handed_on() const { return n_handed_on_; }

 private:
  std::vector<std::vector<float>> layers_;
  std::size_t block_units_;
  mutable std::size_t n_handed_on_ = 0;
};

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
      EXPECT_EQ(std::bit_cast<std::uint64_t>(a.rows[i].*member),
                std::bit_cast<std::uint64_t>(b.rows[i].*member))
          << i;
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

// Firth's estimates of logistf (docs/numerics/accuracy.md): the rows that carry them lie apart in the
// block, and the rows between would change them.
TEST(FitLayers, RowsThatLieApartGiveTheKnownEstimates) {
  const std::vector<float> x = {-3, 9, -2, -1, 9, 1, 2, -9, 3, 7};
  const activations::ActivationBlock block = block_of(x, 1, 4);
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
  const std::vector<float> values = random_values(60, 1);
  const activations::ActivationBlock block = block_of(values, kUnits);
  std::vector<std::uint32_t> chosen;
  std::vector<float> chosen_values;
  for (std::uint32_t row = 2; row < 60; row += 1 + row % 3) {
    chosen.push_back(row);
    const auto chosen_row = block.view().row(row);
    chosen_values.insert(chosen_values.end(), chosen_row.begin(), chosen_row.end());
  }
  std::vector<std::uint32_t> all(chosen.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  const findings::LayerFits gathered =
      LayerFitter().fit(block, {.discovery = set_of(chosen, 5), .held_out = set_of({1, 3, 4, 7, 9, 50}, 6)});
  const findings::LayerFits in_place =
      LayerFitter().fit(block_of(chosen_values, kUnits), {.discovery = set_of(all, 5), .held_out = {}});
  expect_same(gathered.discovery, in_place.discovery);
  EXPECT_EQ(gathered.held_out.rows.size(), kUnits);
}

// The scratch rows of one layer or split leave nothing behind for the next.
TEST(FitLayers, EveryLayerIsFittedOnItsOwn) {
  const std::vector<std::vector<float>> layers = {random_values(40, 1), random_values(40, 2)};
  const activations::CapturePlan plan = StoreForTests::plan_of(40);
  const SplitRows rows = {
      .discovery = set_of({0, 2, 3, 5, 8, 13, 14, 15, 16, 18}, 3),
      .held_out = set_of({20, 21, 22, 30, 31, 33, 34, 37}, 4),
      .test = HeldOutTest{.unseen = {.rows = {21, 22, 30, 31, 34, 37}, .labels = {1, 0, 1, 0, 1, 0}},
                          .prevalence = 0.2}};
  for (const std::size_t block_units : {kUnits, std::size_t{16}}) {
    const StoreForTests store(plan, layers, block_units);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
    const Watch watch([&](std::string_view, std::uint64_t done, std::uint64_t all, std::string_view) {
      seen.emplace_back(done, all);
      return Result<void>();
    });
    const auto fits = fit_layers(store, rows, watch);
    ASSERT_TRUE(fits.has_value()) << fits.error().message;
    ASSERT_EQ(fits->size(), 2u);
    for (std::size_t layer = 0; layer < 2; ++layer) {
      EXPECT_EQ((*fits)[layer].layer, plan.taps.layers[layer]);
      EXPECT_EQ((*fits)[layer].site, Site::kMlpPost);
      const findings::LayerFits alone = LayerFitter().fit(block_of(layers[layer], kUnits), rows);
      expect_same((*fits)[layer].discovery, alone.discovery);
      expect_same((*fits)[layer].held_out, alone.held_out);
      expect_same((*fits)[layer].unseen, alone.unseen);
      EXPECT_EQ((*fits)[layer].unseen.n_target + (*fits)[layer].unseen.n_comparison, 6u);
      ASSERT_EQ((*fits)[layer].predictions.size(), kUnits);
      for (std::size_t unit = 0; unit < kUnits; ++unit) {
        EXPECT_EQ((*fits)[layer].predictions[unit].brier, alone.predictions[unit].brier);
        EXPECT_EQ((*fits)[layer].predictions[unit].recall, alone.predictions[unit].recall);
      }
    }
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    EXPECT_EQ(seen, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0, 2}, {1, 2}, {2, 2}}));
  }
}

TEST(FitLayers, StopsWithinALayer) {
  const activations::CapturePlan plan = StoreForTests::plan_of(40);
  const StoreForTests store(plan, {random_values(40, 1), random_values(40, 2)}, 16);
  std::stop_source source;
  source.request_stop();
  const auto fits = fit_layers(store, {.discovery = set_of({0, 2, 3, 5, 8, 13, 14, 15}, 3), .held_out = {}},
                               Watch({}, source.get_token()));
  ASSERT_FALSE(fits.has_value());
  EXPECT_EQ(fits.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(store.n_handed_on(), 16u);
}

TEST(FitLayers, StepsAreWholePanelsAndShorterWhereAFitTakesLonger) {
  set_threads(2);
  SplitRows rows = {.discovery = set_of({}, 1), .held_out = {}};
  for (std::uint32_t i = 0; i < 20'000; ++i) rows.discovery.rows.push_back(i);
  const std::size_t plain = columns_of_step(rows);
  EXPECT_EQ(plain % 16, 0u);
  EXPECT_LE(plain * rows.discovery.size(), std::size_t{1} << 21);
  rows.discovery.labels.assign(rows.discovery.size(), 0);
  for (std::size_t i = 0; i < rows.discovery.size(); i += 3) rows.discovery.labels[i] = 1;
  const auto always = RowRegression::prepare({.firth = association::Firth::kAlways}, {}, rows.discovery, "");
  ASSERT_TRUE(always.has_value()) << always.error().message;
  rows.discovery.regression = std::make_shared<const RowRegression>(*always);
  EXPECT_EQ(columns_of_step(rows), 2u * 16) << "a panel for every thread";
}

// Words are the observations where the rows have them: 25 words of each group, one or two uses each.
SplitRows rows_with_words() {
  SplitRows rows;
  rows.test = HeldOutTest{};
  const auto add = [](RowSet& set, std::uint32_t row, std::uint8_t label, std::uint32_t word) {
    set.rows.push_back(row);
    set.labels.push_back(label);
    set.words.push_back(word);
  };
  for (std::uint32_t i = 0; i < 80; ++i) {
    const std::uint8_t label = i % 2;
    const std::uint32_t word = 2 * (i / 2 % 25) + label;
    add(rows.discovery, i, label, word);
    add(rows.held_out, 80 + i, label, word);
    add(rows.test->unseen, 80 + i, label, word);
  }
  return rows;
}

TEST(FitLayers, WordsAreTestedAndTheirAreasHaveEnds) {
  const std::vector<float> values = random_values(160, 3);
  const SplitRows rows = rows_with_words();
  const findings::LayerFits fits = LayerFitter().fit(block_of(values, kUnits), rows);
  EXPECT_EQ(fits.words.n_discovery.n_target, 25u);
  EXPECT_EQ(fits.words.n_unseen.n_comparison, 25u);
  ASSERT_EQ(fits.words.discovery.size(), kUnits);
  ASSERT_EQ(fits.words.unseen_auc.size(), kUnits);
  const auto block = block_of(values, kUnits);
  const auto expected =
      permutation::test_item_means(block.view().block(80, 80, 0, kUnits),
                                   permutation::exchange_means(rows.held_out.labels, rows.held_out.words));
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    EXPECT_EQ(fits.words.held_out[unit].t, expected[unit].t);
    EXPECT_DOUBLE_EQ(fits.words.unseen_auc[unit].auc, fits.unseen.rows[unit].auc);
    EXPECT_LT(fits.words.unseen_auc[unit].lo, fits.words.unseen_auc[unit].auc);
  }
}

TEST(FitLayers, TooFewUnseenWordsHaveNoStatistics) {
  const std::vector<float> values = random_values(160, 3);
  SplitRows rows = rows_with_words();
  RowSet& unseen = rows.test->unseen;
  for (std::uint32_t& word : unseen.words)
    word = word % 2 == 1 ? 2 * (word % 19) + 1 : word;  // 19 of targets
  const findings::LayerFits fits = LayerFitter().fit(block_of(values, kUnits), rows);
  EXPECT_EQ(fits.words.n_unseen.n_target, 19u);
  EXPECT_EQ(fits.unseen.n_target, 40u);
  ASSERT_EQ(fits.unseen.rows.size(), kUnits);
  EXPECT_TRUE(std::isnan(fits.unseen.rows[0].auc));
}

TEST(FitLayers, TheLadderComparesTheSameTargetsWithOtherGroups) {
  const std::vector<float> values = random_values(160, 4);
  SplitRows rows = rows_with_words();
  rows.ladder =
      LadderRows{.all = rows.held_out, .near_miss = rows.held_out, .carrier = {}, .is_matched = true};
  rows.ladder->strata.assign(rows.held_out.size(), 0);
  const findings::LayerFits fits = LayerFitter().fit(block_of(values, kUnits), rows);
  EXPECT_EQ(fits.ladder.all.size(), kUnits);
  EXPECT_EQ(fits.ladder.carrier.size(), 0u);
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    EXPECT_EQ(fits.ladder.all[unit].lo, fits.ladder.matched[unit].lo);
    EXPECT_EQ(fits.ladder.all[unit].lo, fits.ladder.near_miss[unit].lo);
  }
}

}  // namespace
}  // namespace penfield::study
