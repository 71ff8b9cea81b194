// The sums of predict.h for the columns of a panel, SIMD across units: one exp a sample.
#include <algorithm>

#include "penfield/association/panel/lanes.h"
#include "penfield/association/panel/panel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/predict.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/numeric/exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Beyond it σ is 0 or 1 to the last bit of a sum of squares.
constexpr double kMaxLogOdds = 600.0;

using D = hn::CappedTag<double, kPanelUnits>;
using V = hn::Vec<D>;

// One group of n rows. sign: +1 for targets, −1 for the comparison, whose wrong answer has the other tail.
// Adds to *squared_error, and gives the number called.
HWY_INLINE V SumGroup(const float* rows, std::size_t n, const PredictionLanes& lanes, std::size_t c,
                      double sign, V* squared_error) {
  const D d;
  const hn::Rebind<float, D> d_float;
  const auto one = hn::Set(d, 1.0);
  const auto signed_one = hn::Set(d, sign);
  const auto alpha = hn::Mul(hn::Load(d, lanes.alpha + c), signed_one);
  const auto beta = hn::Mul(hn::Load(d, lanes.beta + c), signed_one);
  const auto direction = hn::Load(d, lanes.direction + c);
  const auto threshold = hn::Mul(hn::Load(d, lanes.threshold + c), direction);
  const auto may_call = hn::Ne(direction, hn::Zero(d));
  auto called = hn::Zero(d);
  auto error = *squared_error;
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = hn::PromoteTo(d, hn::Load(d_float, rows + i * kPanelUnits + c));
    const auto log_odds =
        hn::Min(hn::Max(hn::MulAdd(beta, x, alpha), hn::Set(d, -kMaxLogOdds)), hn::Set(d, kMaxLogOdds));
    const auto wrong = hn::Div(one, hn::Add(one, numeric::HWY_NAMESPACE::ExpBounded(d, log_odds)));
    error = hn::MulAdd(wrong, wrong, error);
    const auto is_called = hn::And(may_call, hn::Ge(hn::Mul(x, direction), threshold));
    called = hn::Add(called, hn::IfThenElseZero(is_called, one));
  }
  *squared_error = error;
  return called;
}

void Predict(const PanelView<float>& panel, PredictionLanes& lanes) {
  const D d;
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    auto error = hn::Zero(d);
    hn::Store(SumGroup(panel.data, panel.n_target, lanes, c, 1.0, &error), d, lanes.n_called_target + c);
    hn::Store(SumGroup(panel.comparison(), panel.n_comparison, lanes, c, -1.0, &error), d,
              lanes.n_called_comparison + c);
    hn::Store(error, d, lanes.squared_error + c);
  }
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(Predict);

}  // namespace

PanelArray<PredictionSums> panel_predictions(PanelView<float> panel,
                                             const PanelArray<PredictionRule>& rules) {
  PredictionLanes lanes{};
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    lanes.alpha[c] = rules[c].alpha;
    lanes.beta[c] = rules[c].beta;
    lanes.threshold[c] = rules[c].threshold;
    lanes.direction[c] = static_cast<double>(rules[c].called);
  }
  HWY_DYNAMIC_DISPATCH(Predict)(panel, lanes);
  PanelArray<PredictionSums> sums;
  for (std::size_t c = 0; c < kPanelUnits; ++c)
    sums[c] = {lanes.squared_error[c], lanes.n_called_target[c], lanes.n_called_comparison[c]};
  return sums;
}

}  // namespace penfield::association
#endif
