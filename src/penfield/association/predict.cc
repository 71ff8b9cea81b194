#include "penfield/association/predict.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/panel/allocate.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"

namespace penfield::association {
namespace {

PredictionRule rule_of(const UnitFit& fit) {
  PredictionRule rule;
  if (std::isnan(fit.alpha) || std::isnan(fit.beta)) return rule;
  rule.alpha = fit.alpha;
  rule.beta = fit.beta;
  if (std::isnan(fit.threshold)) return rule;
  rule.threshold = fit.threshold;
  rule.called = fit.mean_target > fit.mean_comparison ? Called::kAbove : Called::kBelow;
  return rule;
}

void fill_calls(const PredictionSums& sums, double n1, double n0, double prevalence, Prediction& out) {
  const double hits = sums.n_called_target / n1;
  const double false_alarms = sums.n_called_comparison / n0;
  const double called = prevalence * hits + (1 - prevalence) * false_alarms;
  out.recall = hits;
  out.f1 = 2 * prevalence * hits / (prevalence + called);
  if (called > 0) out.precision = prevalence * hits / called;
  const double spread = called * (1 - called);
  if (spread > 0) out.mcc = (hits - false_alarms) * std::sqrt(prevalence * (1 - prevalence) / spread);
}

Prediction prediction_of(const UnitFit& fit, const UnitFit& again, const PredictionRule& rule,
                         const PredictionSums& sums, double n1, double n0, double prevalence) {
  Prediction out;
  if (std::isnan(fit.beta) || again.status == FitStatus::kNonFinite) return out;
  if (fit.beta != 0) {
    out.calibration_slope = again.beta / fit.beta;
    out.calibration_intercept = again.alpha - out.calibration_slope * fit.alpha;
  }
  const double n = n1 + n0;
  out.brier = sums.squared_error / n;
  out.brier_scaled = 1 - out.brier / (n1 / n * (n0 / n));
  if (rule.called != Called::kNone) fill_calls(sums, n1, n0, prevalence, out);
  return out;
}

}  // namespace

std::vector<Prediction> predict_columns(const FitTable& discovery, const FitTable& again,
                                        MatrixView<const float> x, std::span<const std::uint8_t> labels,
                                        double prevalence) {
  PENFIELD_CHECK(x.rows == labels.size() && x.cols == discovery.rows.size() && x.cols == again.rows.size());
  const RowsOfGroups groups = rows_of_groups(labels);
  std::vector<Prediction> out(x.cols);
  if (groups.n_target == 0 || groups.n_comparison() == 0) return out;
  std::vector<AlignedArray<float>> memory(static_cast<std::size_t>(n_threads()));
  parallel_for((x.cols + kPanelUnits - 1) / kPanelUnits, [&](std::size_t index, int thread) {
    auto& mine = memory[static_cast<std::size_t>(thread)];
    if (!mine) mine = allocate_panel<float>(groups.rows.size() * kPanelUnits);
    const PanelView<float> panel{mine.get(), groups.n_target, groups.n_comparison()};
    const std::size_t first = index * kPanelUnits;
    const std::size_t width = std::min(kPanelUnits, x.cols - first);
    (void)gather_panel<float>(x.data + first, x.stride, width, groups.rows, panel);
    PanelArray<PredictionRule> rules;
    for (std::size_t c = 0; c < width; ++c) rules[c] = rule_of(discovery.rows[first + c]);
    const PanelArray<PredictionSums> sums = panel_predictions(panel, rules);
    for (std::size_t c = 0; c < width; ++c) {
      out[first + c] = prediction_of(discovery.rows[first + c], again.rows[first + c], rules[c], sums[c],
                                     static_cast<double>(groups.n_target),
                                     static_cast<double>(groups.n_comparison()), prevalence);
    }
  });
  return out;
}

}  // namespace penfield::association
