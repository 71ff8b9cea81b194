// Predictions of discovery's rule: the kernel against its plain twin, and what must hold of any data.
#include "penfield/association/predict.h"

#include <gtest/gtest.h>
#include <hwy/aligned_allocator.h>
#include <hwy/targets.h>

#include <cmath>
#include <limits>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"

namespace penfield::association {
namespace {

PanelArray<PredictionRule> odd_rules() {
  PanelArray<PredictionRule> rules;
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    rules[c] = {.alpha = 0.3 * static_cast<double>(c) - 2.0,
                .beta = (c % 2 == 0 ? 1.0 : -1.0) * static_cast<double>(c),
                .threshold = 0.1 * static_cast<double>(c) - 0.5,
                .called = c % 3 == 0   ? Called::kNone
                          : c % 2 == 0 ? Called::kAbove
                                       : Called::kBelow};
  }
  rules[13].beta = 1e6;  // σ is 0 or 1
  rules[14].alpha = -1e9;
  return rules;
}

TEST(PanelPredictions, AreThoseOfThePlainTwin) {
  const PanelArray<PredictionRule> rules = odd_rules();
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    Random random(3);
    for (std::size_t n = 0; n < 35; ++n) {
      const std::size_t n_target = n / 3;
      const auto data = hwy::AllocateAligned<float>((n + 1) * kPanelUnits);
      for (std::size_t i = 0; i < n * kPanelUnits; ++i)
        data[i] = static_cast<float>(std::round(10 * simulated::normal(random)) / 10);
      const PanelArray<PredictionSums> got = panel_predictions({data.get(), n_target, n - n_target}, rules);
      for (std::size_t c = 0; c < kPanelUnits; ++c) {
        std::vector<double> column;
        for (std::size_t i = 0; i < n; ++i) column.push_back(static_cast<double>(data[i * kPanelUnits + c]));
        const PredictionSums want = prediction_sums(column, n_target, rules[c]);
        EXPECT_NEAR(got[c].squared_error, want.squared_error, 1e-13 * (1 + want.squared_error))
            << n << ' ' << c;
        EXPECT_EQ(got[c].n_called_target, want.n_called_target) << n << ' ' << c;
        EXPECT_EQ(got[c].n_called_comparison, want.n_called_comparison) << n << ' ' << c;
      }
    }
  }
  hwy::SetSupportedTargetsForTest(0);
}

struct Split {
  std::vector<std::uint8_t> labels;
  std::vector<float> x;
  FitTable fits;
  [[nodiscard]] MatrixView<const float> view(std::size_t n_units) const {
    return {x.data(), labels.size(), n_units};
  }
};

Split make_split(std::size_t n, std::size_t n_units, double max_d, std::uint64_t seed) {
  Split split;
  split.labels = simulated::labels(n, n / 2, seed);
  split.x =
      simulated::activations<float>(split.labels, n_units, max_d, 99);  // the same effects for every seed
  split.fits = fit_columns(split.view(n_units), split.labels);
  return split;
}

TEST(PredictColumns, OnItsOwnSamplesTheFitIsCalibrated) {
  constexpr std::size_t kUnits = 50;
  const Split split = make_split(120, kUnits, 1.0, 4);
  const std::vector<Prediction> got =
      predict_columns(split.fits, split.fits, split.view(kUnits), split.labels, 0.5);
  for (std::size_t unit = 0; unit < kUnits; ++unit) {
    EXPECT_NEAR(got[unit].calibration_slope, 1, 1e-12);
    EXPECT_NEAR(got[unit].calibration_intercept, 0, 1e-9);
    EXPECT_GT(got[unit].brier_scaled, -1e-12) << "maximum likelihood is no worse than the constant here";
    EXPECT_LE(got[unit].brier, 0.25 + 1e-12);
    // At a prevalence of a half, recall − false-alarm rate is J, and precision follows from both.
    const double false_alarms = got[unit].recall - split.fits.rows[unit].youden_j;
    EXPECT_NEAR(got[unit].precision, got[unit].recall / (got[unit].recall + false_alarms), 1e-12);
  }
}

TEST(PredictColumns, WithoutAPrevalenceOnlyWhatNeedsNoneIsSaid) {
  const Split split = make_split(120, 20, 1.0, 4);
  const std::vector<Prediction> got = predict_columns(split.fits, split.fits, split.view(20), split.labels,
                                                      std::numeric_limits<double>::quiet_NaN());
  for (const Prediction& unit : got) {
    EXPECT_TRUE(std::isfinite(unit.recall) && std::isfinite(unit.brier));
    EXPECT_TRUE(std::isnan(unit.precision) && std::isnan(unit.f1) && std::isnan(unit.mcc));
  }
}

TEST(PredictColumns, ColumnsWithoutARuleSayNothing) {
  Split split = make_split(40, 4, 1.0, 4);
  for (std::size_t i = 0; i < 40; ++i) split.x[i * 4] = 3.0f;  // constant
  split.x[1] = std::numeric_limits<float>::quiet_NaN();        // not finite
  const Split again = make_split(40, 4, 1.0, 4);
  const FitTable fits = fit_columns(split.view(4), split.labels);
  const auto seen = predict_columns(fits, again.fits, again.view(4), again.labels, 0.2);
  for (const std::size_t unit : {0u, 1u}) {
    EXPECT_TRUE(std::isnan(seen[unit].brier) && std::isnan(seen[unit].recall)) << unit;
    EXPECT_TRUE(std::isnan(seen[unit].calibration_slope)) << unit;
  }
  EXPECT_TRUE(std::isfinite(seen[2].brier));
  const auto spoilt = predict_columns(again.fits, fits, split.view(4), split.labels, 0.2);
  EXPECT_TRUE(std::isnan(spoilt[1].brier)) << "the new samples are no numbers";
  EXPECT_TRUE(std::isfinite(spoilt[0].brier)) << "a constant column can be predicted, badly";
  EXPECT_TRUE(std::isnan(spoilt[0].calibration_slope));
}

TEST(PredictColumns, TheNumberOfThreadsChangesNoBit) {
  const Split split = make_split(90, 333, 1.0, 4);
  const auto run = [&](int threads) {
    set_threads(threads);
    return predict_columns(split.fits, split.fits, split.view(333), split.labels, 0.1);
  };
  const auto one = run(1);
  const auto three = run(3);
  set_threads(0);
  for (std::size_t unit = 0; unit < 333; ++unit) {
    EXPECT_EQ(one[unit].brier, three[unit].brier);
    EXPECT_EQ(one[unit].mcc, three[unit].mcc);
  }
}

TEST(FitColumns, RowsLeftOutPlayNoPart) {
  const auto labels = simulated::labels(60, 30, 1);
  const auto x = simulated::activations<float>(labels, 5, 1.0, 2);
  std::vector<std::uint8_t> some = labels;
  std::vector<std::uint8_t> kept_labels;
  std::vector<float> kept;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i % 4 == 1) {
      some[i] = kLeftOut;
      continue;
    }
    kept_labels.push_back(labels[i]);
    kept.insert(kept.end(), x.begin() + static_cast<std::ptrdiff_t>(5 * i),
                x.begin() + static_cast<std::ptrdiff_t>(5 * i + 5));
  }
  const FitTable got = fit_columns(MatrixView<const float>(x.data(), 60, 5), some);
  const FitTable want = fit_columns(MatrixView<const float>(kept.data(), kept_labels.size(), 5), kept_labels);
  EXPECT_EQ(got.n_target, want.n_target);
  EXPECT_EQ(got.n_comparison, want.n_comparison);
  for (std::size_t unit = 0; unit < 5; ++unit) {
    EXPECT_EQ(got.rows[unit].beta, want.rows[unit].beta);
    EXPECT_EQ(got.rows[unit].auc, want.rows[unit].auc);
    EXPECT_EQ(got.rows[unit].threshold, want.rows[unit].threshold);
  }
}

}  // namespace
}  // namespace penfield::association
