// Maximum likelihood for the columns of a panel, SIMD across units.
//
// Start: linear discriminant analysis, b = (z̄1 − z̄0)/s², the maximum-likelihood answer where both groups
// are normal with one spread (Cox & Snell 1989, §4.2). Step: Halley's, (I + ½T[Newton's step])·δ = gradient,
// with T the tensor of third derivatives; its sums cost five additions beside an exp, and with cubic
// convergence a typical unit needs two passes over its samples where Newton from zero needs four. The first
// two passes are made in single precision (panel_rough.cc), so that mostly one remains here. Stop: at m =
// |δa| + |δb|·max|z| < kLastStep, the largest change of any sample's log-odds in the last step. The logistic
// weight obeys |w''| <= w, so the step leaves a relative error of m²/2 in (a, b)'s last correction and, since
// the information is taken along δ by T, of at most m²/2 in it too: SE to 6e-10 at worst, the gradient to
// rounding. Columns that do not fit this road (twelve passes, a nearly singular information) come back
// unconverged.
//
// A group's samples enter with their sign, z' = s·z and η' = s·(a + b·z), in terms of e = exp(η'), q =
// 1/(1+e) (the wrong answer's probability) and 1 − q = e·q, which both keep their digits in the tails. The
// likelihood is the product of all 1 − q: mantissas are multiplied, exponents added, one logarithm a unit.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "penfield/association/panel/lanes.h"
#include "penfield/association/panel/panel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/logistic.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/association/panel/load-inl.h"
#include "penfield/association/panel/weighted_sums-inl.h"
#include "penfield/numeric/exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr int kMaxPasses = 12;
constexpr double kLastStep = 5e-5;
constexpr double kMaxLogOdds = 600.0;   // within the range of ExpBounded
constexpr std::size_t kBlockRows = 16;  // also: factors multiplied before the exponent is taken off

using D = hn::CappedTag<double, kPanelUnits>;
using V = hn::Vec<D>;

// What one group adds to the sums, and its likelihood as mantissa·2^exponent. `lowest` is the least partial
// product: near zero the likelihood is lost to underflow.
struct GroupSums : WeightedSums<D> {
  V mantissa, exponent, lowest;
};

// A few rows of one vector of columns, between the two halves of a pass: the first half is one long chain an
// exp, the second many short ones into the same sums. In one loop they take 1.6 times as long.
struct Block {
  HWY_ALIGN double z[kBlockRows * hn::MaxLanes(D())], q[kBlockRows * hn::MaxLanes(D())],
      right[kBlockRows * hn::MaxLanes(D())];
};

// z' = (x − centre)·scale and, at η' = a + b·z', q and 1 − q, for `count` rows; rows points at the vector's
// first column.
template <class T>
HWY_INLINE void FillBlock(const T* rows, std::size_t count, V centre, V scale, V a, V b, Block& block) {
  const D d;
  const auto one = hn::Set(d, 1.0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto z = hn::Mul(hn::Sub(LoadAsDouble(d, rows + i * kPanelUnits), centre), scale);
    const auto e = numeric::HWY_NAMESPACE::ExpBounded(d, hn::MulAdd(b, z, a));
    const auto q = hn::Div(one, hn::Add(one, e));
    hn::Store(z, d, block.z + i * hn::Lanes(d));
    hn::Store(q, d, block.q + i * hn::Lanes(d));
    hn::Store(hn::Mul(e, q), d, block.right + i * hn::Lanes(d));
  }
}

// All sums over one group of n rows. |a + b·z'| <= 700.
template <class T>
HWY_INLINE GroupSums SumGroup(const T* rows, std::size_t n, V centre, V scale, V a, V b) {
  const D d;
  const hn::RebindToUnsigned<D> du;
  const auto mantissa_bits = hn::Set(du, 0x000fffffffffffffu);
  const auto one_bits = hn::Set(du, 0x3ff0000000000000u);
  WeightedSums<D> sums = ZeroSums(d);
  auto product = hn::Set(d, 1.0), lowest = product;
  auto exponent = hn::Zero(du);
  Block block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled before it is read, twice a pass
  for (std::size_t begin = 0; begin < n; begin += kBlockRows) {
    const std::size_t count = HWY_MIN(kBlockRows, n - begin);
    FillBlock(rows + begin * kPanelUnits, count, centre, scale, a, b, block);
    for (std::size_t i = 0; i < count; ++i) {
      const auto z = hn::Load(d, block.z + i * hn::Lanes(d));
      const auto right = hn::Load(d, block.right + i * hn::Lanes(d));
      product = hn::Mul(product, right);
      AddSample(z, hn::Load(d, block.q + i * hn::Lanes(d)), right, sums);
    }
    lowest = hn::Min(lowest, product);
    const auto bits = hn::BitCast(du, product);
    exponent = hn::Add(exponent, hn::Sub(hn::Set(du, 1023u), hn::ShiftRight<52>(bits)));
    product = hn::BitCast(d, hn::Or(hn::And(bits, mantissa_bits), one_bits));
  }
  // The count of halvings, below 2^52, to double through the bits of 2^52 + count.
  const auto magic = hn::Set(d, 0x1p52);
  const auto halvings = hn::Sub(hn::BitCast(d, hn::Or(exponent, hn::BitCast(du, magic))), magic);
  return {{sums}, product, hn::Neg(halvings), lowest};
}

struct Step {
  V da, db;
  V spread;           // Σw(z − z̄w)² at the end of the step
  V gain;             // of log-likelihood beyond the product
  hn::Mask<D> valid;  // the information is sound
};

// x·y' − x'·y.
HWY_INLINE V Cross(V x, V y_other, V x_other, V y) {
  return hn::Sub(hn::Mul(x, y_other), hn::Mul(x_other, y));
}

HWY_INLINE Step HalleyStep(const GroupSums& t, const GroupSums& c) {
  const D d;
  const auto half = hn::Set(d, 0.5);
  // Gradient; information i0, i1, i2 with 1, z, z²; third derivatives t0 … t3.
  const auto g0 = hn::Sub(t.q, c.q);
  const auto g1 = hn::Add(t.qz, c.qz);
  const auto i0 = hn::Add(t.w, c.w);
  const auto i1 = hn::Sub(t.wz, c.wz);
  const auto i2 = hn::Add(t.wzz, c.wzz);
  const auto t0 = hn::Sub(t.v, c.v);
  const auto t1 = hn::Add(t.vz, c.vz);
  const auto t2 = hn::Sub(t.vzz, c.vzz);
  const auto t3 = hn::Add(t.vzzz, c.vzzz);

  const auto det = Cross(i0, i2, i1, i1);
  const auto newton_a = hn::Div(Cross(i2, g0, i1, g1), det);
  const auto newton_b = hn::Div(Cross(i0, g1, i1, g0), det);
  const auto half_a = hn::Mul(half, newton_a);
  const auto half_b = hn::Mul(half, newton_b);
  const auto h0 = hn::Add(i0, hn::MulAdd(t1, half_b, hn::Mul(t0, half_a)));
  const auto h1 = hn::Add(i1, hn::MulAdd(t2, half_b, hn::Mul(t1, half_a)));
  const auto h2 = hn::Add(i2, hn::MulAdd(t3, half_b, hn::Mul(t2, half_a)));
  const auto halley_det = Cross(h0, h2, h1, h1);
  // Far from the maximum the corrected matrix may lose its sign: Newton's own step then.
  const auto quarter = hn::Set(d, 0.25);
  const auto sound = hn::And(hn::Gt(halley_det, hn::Mul(quarter, det)), hn::Gt(h0, hn::Mul(quarter, i0)));
  const auto da = hn::IfThenElse(sound, hn::Div(Cross(h2, g0, h1, g1), halley_det), newton_a);
  const auto db = hn::IfThenElse(sound, hn::Div(Cross(h0, g1, h1, g0), halley_det), newton_b);

  const auto end0 = hn::Add(i0, hn::MulAdd(t1, db, hn::Mul(t0, da)));
  const auto end1 = hn::Add(i1, hn::MulAdd(t2, db, hn::Mul(t1, da)));
  const auto end2 = hn::Add(i2, hn::MulAdd(t3, db, hn::Mul(t2, da)));
  const auto spread = hn::Sub(end2, hn::Div(hn::Mul(end1, end1), end0));
  // ℓ(θ + δ) − ℓ(θ) = g·δ − ½δ'Iδ + … = ½g·δ to third order.
  const auto gain = hn::Mul(half, hn::MulAdd(g1, db, hn::Mul(g0, da)));
  const auto valid =
      hn::And(hn::Gt(i0, hn::Zero(d)), hn::Gt(det, hn::Mul(hn::Mul(i0, i2), hn::Set(d, 1e-6))));
  return {da, db, spread, gain, valid};
}

// Iterates one vector of columns until each lane is done or given up; a lane that is done is frozen.
template <class T>
HWY_INLINE void FitColumns(const T* rows, std::size_t n_target, std::size_t n_comparison, std::size_t c,
                           PanelLanes& lanes) {
  const D d;
  const auto zero = hn::Zero(d);
  const auto centre = hn::Load(d, lanes.centre + c);
  const auto inv_sd = hn::Load(d, lanes.inv_sd + c);
  const auto z_max = hn::Load(d, lanes.z_max + c);
  auto a = hn::Load(d, lanes.a + c);
  auto b = hn::Load(d, lanes.b + c);
  auto open = hn::Load(d, lanes.open + c);  // 1 while a lane wants a fit
  auto spread = zero, mantissa = zero, exponent = zero, gain = zero;
  for (int pass = 0; pass < kMaxPasses && !hn::AllFalse(d, hn::Gt(open, zero)); ++pass) {
    const GroupSums t = SumGroup(rows + c, n_target, centre, inv_sd, a, b);
    const GroupSums o =
        SumGroup(rows + n_target * kPanelUnits + c, n_comparison, centre, hn::Neg(inv_sd), hn::Neg(a), b);
    const Step step = HalleyStep(t, o);
    const auto reach = hn::MulAdd(hn::Abs(b), z_max, hn::Abs(a));
    const auto bounded = hn::Lt(reach, hn::Set(d, kMaxLogOdds));
    const auto is_open = hn::And(hn::And(hn::Gt(open, zero), bounded), step.valid);
    const auto change = hn::MulAdd(hn::Abs(step.db), z_max, hn::Abs(step.da));
    const auto done = hn::And(is_open, hn::Lt(change, hn::Set(d, kLastStep)));
    a = hn::IfThenElse(is_open, hn::Add(a, step.da), a);
    b = hn::IfThenElse(is_open, hn::Add(b, step.db), b);
    const auto sound = hn::Gt(hn::Min(t.lowest, o.lowest), hn::Set(d, 1e-290));
    spread = hn::IfThenElse(done, step.spread, spread);
    mantissa = hn::IfThenElse(done, hn::IfThenElseZero(sound, hn::Mul(t.mantissa, o.mantissa)), mantissa);
    exponent = hn::IfThenElse(done, hn::Add(t.exponent, o.exponent), exponent);
    gain = hn::IfThenElse(done, step.gain, gain);
    open = hn::IfThenElseZero(hn::AndNot(done, is_open), open);
  }
  hn::Store(a, d, lanes.a + c);
  hn::Store(b, d, lanes.b + c);
  hn::Store(spread, d, lanes.spread + c);
  hn::Store(mantissa, d, lanes.mantissa + c);
  hn::Store(exponent, d, lanes.exponent + c);
  hn::Store(gain, d, lanes.gain + c);
}

template <class T>
HWY_INLINE void FitPanel(const T* rows, std::size_t n_target, std::size_t n_comparison, PanelLanes& lanes) {
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(D()))
    FitColumns(rows, n_target, n_comparison, c, lanes);
}

void FitPanelFloat(const float* rows, std::size_t n_target, std::size_t n_comparison, PanelLanes& lanes) {
  FitPanel(rows, n_target, n_comparison, lanes);
}
void FitPanelDouble(const double* rows, std::size_t n_target, std::size_t n_comparison, PanelLanes& lanes) {
  FitPanel(rows, n_target, n_comparison, lanes);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(FitPanelFloat);
HWY_EXPORT(FitPanelDouble);

void fit_panel(const float* rows, std::size_t n_target, std::size_t n_comparison, PanelLanes& lanes) {
  HWY_DYNAMIC_DISPATCH(FitPanelFloat)(rows, n_target, n_comparison, lanes);
}
void fit_panel(const double* rows, std::size_t n_target, std::size_t n_comparison, PanelLanes& lanes) {
  HWY_DYNAMIC_DISPATCH(FitPanelDouble)(rows, n_target, n_comparison, lanes);
}

// Where a column begins: discriminant analysis on the standardised scale, kept from log-odds beyond
// kMaxStart.
void start_column(const ColumnMoments& moments, double null_logit, std::size_t c, PanelLanes& lanes) {
  constexpr double kMaxStart = 30.0;
  const double sd = moments.sd();
  const double reach = std::max({moments.target.max, moments.comparison.max}) - moments.centre;
  const double depth = moments.centre - std::min({moments.target.min, moments.comparison.min});
  const double z_max = std::max(reach, depth) / sd;
  const double within = (moments.target.ss + moments.comparison.ss) / moments.n();
  const double slope = moments.difference() * sd / within;
  const double b = std::clamp(slope, -kMaxStart / z_max, kMaxStart / z_max);
  lanes.centre[c] = moments.centre;
  lanes.inv_sd[c] = 1.0 / sd;
  lanes.z_max[c] = z_max;
  lanes.b[c] = b;
  lanes.a[c] = null_logit - b * (moments.target.offset + moments.comparison.offset) / (2.0 * sd);
  lanes.open[c] = 1.0;
}

// The null's likelihood p̄^n1·(1−p̄)^n0 as mantissa·2^exponent.
struct NullLikelihood {
  double mantissa = 1, exponent = 0;

  NullLikelihood(std::size_t n_target, std::size_t n_comparison) {
    const auto n1 = static_cast<long double>(n_target);
    const auto n0 = static_cast<long double>(n_comparison);
    const long double log2_likelihood = n1 * std::log2(n1 / (n1 + n0)) + n0 * std::log2(n0 / (n1 + n0));
    const long double whole = std::floor(log2_likelihood);
    exponent = static_cast<double>(whole);
    mantissa = static_cast<double>(std::exp2(log2_likelihood - whole));
  }
};

}  // namespace

template <class T>
PanelArray<LogisticFit> panel_logistic(PanelView<T> panel, const PanelArray<ColumnMoments>& moments,
                                       std::uint32_t wanted) {
  PanelLanes lanes{};
  const auto n1 = static_cast<double>(panel.n_target);
  const auto n0 = static_cast<double>(panel.n_comparison);
  const double null_logit = std::log(n1 / n0);
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    if ((wanted >> c & 1u) != 0) start_column(moments[c], null_logit, c, lanes);
  }
  rough_steps(panel, lanes);
  fit_panel(panel.data, panel.n_target, panel.n_comparison, lanes);

  const NullLikelihood null(panel.n_target, panel.n_comparison);
  PanelArray<LogisticFit> fits;
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    LogisticFit& fit = fits[c];
    fit.a = lanes.a[c];
    fit.b = lanes.b[c];
    fit.se_b = 1.0 / std::sqrt(lanes.spread[c]);
    fit.chi2 = 2.0 * (std::log(lanes.mantissa[c] / null.mantissa) +
                      (lanes.exponent[c] - null.exponent) * std::numbers::ln2 + lanes.gain[c]);
    fit.converged = lanes.spread[c] > 0;
  }
  return fits;
}

template PanelArray<LogisticFit> panel_logistic<float>(PanelView<float>, const PanelArray<ColumnMoments>&,
                                                       std::uint32_t);
template PanelArray<LogisticFit> panel_logistic<double>(PanelView<double>, const PanelArray<ColumnMoments>&,
                                                        std::uint32_t);

}  // namespace penfield::association
#endif
