// The first steps of panel_logistic in single precision.
//
// A fit takes about three passes over its samples, and only the last one has to be exact: what goes before
// has to end near enough for it, within 5e-5 of log-odds. In floats sixteen columns fit where eight doubles
// do, and exp takes half the terms; two passes cost less than one in double precision and leave one to do.
// Sums are taken over at most kChunkRows rows in floats and then in doubles, so long columns lose nothing.
// The step is Halley's, as there.
//
// z' = (x − c)·scale with c the centre rounded to a float, an exact difference for columns far from zero; the
// line is moved by what the rounding shifted. Values that are doubles are rounded first: where that loses
// them, or a float cannot hold them, the steps here are poor or none, and the exact passes do the work.
#include <algorithm>
#include <array>
#include <cmath>

#include "penfield/association/panel/lanes.h"
#include "penfield/association/panel/panel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/rough.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/association/panel/weighted_sums-inl.h"
#include "penfield/numeric/exp-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kBlockRows = 16;
constexpr std::size_t kChunkRows = 1024;
constexpr float kMaxLogOdds = 80.0f;  // within the range of ExpRough

using D = hn::CappedTag<float, kPanelUnits>;
using V = hn::Vec<D>;

// A few rows of one vector of columns, between the two halves of a pass (see panel_logistic.cc).
struct Block {
  HWY_ALIGN float z[kBlockRows * hn::MaxLanes(D())], q[kBlockRows * hn::MaxLanes(D())],
      right[kBlockRows * hn::MaxLanes(D())];
};

HWY_INLINE V LoadAsFloat(D d, const float* p) {
  return hn::Load(d, p);
}
HWY_INLINE V LoadAsFloat(D d, const double* p) {
#if HWY_TARGET == HWY_SCALAR
  return hn::DemoteTo(d, hn::Load(hn::Rebind<double, D>(), p));
#else
  const hn::Half<D> half;
  const hn::Rebind<double, hn::Half<D> > wide;
  const auto low = hn::DemoteTo(half, hn::Load(wide, p));
  return hn::Combine(d, hn::DemoteTo(half, hn::Load(wide, p + hn::Lanes(half))), low);
#endif
}

template <class T>
HWY_INLINE void FillBlock(const T* rows, std::size_t count, V centre, V scale, V a, V b, Block& block) {
  const D d;
  const auto one = hn::Set(d, 1.0f);
  const auto most = hn::Set(d, kMaxLogOdds);
  for (std::size_t i = 0; i < count; ++i) {
    const auto z = hn::Mul(hn::Sub(LoadAsFloat(d, rows + i * kPanelUnits), centre), scale);
    const auto log_odds = hn::Min(hn::Max(hn::MulAdd(b, z, a), hn::Neg(most)), most);
    const auto e = numeric::HWY_NAMESPACE::ExpRough(d, log_odds);
    const auto q = hn::Div(one, hn::Add(one, e));
    hn::Store(z, d, block.z + i * hn::Lanes(d));
    hn::Store(q, d, block.q + i * hn::Lanes(d));
    hn::Store(hn::Mul(e, q), d, block.right + i * hn::Lanes(d));
  }
}

HWY_INLINE void AddTo(double* sum, V value) {
  const D d;
  HWY_ALIGN float lanes[hn::MaxLanes(D())];
  hn::Store(value, d, lanes);
  for (std::size_t i = 0; i < hn::Lanes(d); ++i) sum[i] += static_cast<double>(lanes[i]);
}

// Adds the sums of one group's n rows, of the vector of columns that begins at c.
template <class T>
HWY_INLINE void SumGroup(const T* rows, std::size_t n, const RoughLanes& lanes, float sign, std::size_t c,
                         RoughSums& sums) {
  const D d;
  const auto centre = hn::Load(d, lanes.centre + c);
  const auto scale = hn::Mul(hn::Load(d, lanes.scale + c), hn::Set(d, sign));
  const auto a = hn::Mul(hn::Load(d, lanes.a + c), hn::Set(d, sign));
  const auto b = hn::Load(d, lanes.b + c);
  Block block;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled before it is read, twice a pass
  for (std::size_t chunk = 0; chunk < n; chunk += kChunkRows) {
    const std::size_t end = HWY_MIN(n, chunk + kChunkRows);
    WeightedSums<D> part = ZeroSums(d);
    for (std::size_t begin = chunk; begin < end; begin += kBlockRows) {
      const std::size_t count = HWY_MIN(kBlockRows, end - begin);
      FillBlock(rows + begin * kPanelUnits + c, count, centre, scale, a, b, block);
      for (std::size_t i = 0; i < count; ++i) {
        AddSample(hn::Load(d, block.z + i * hn::Lanes(d)), hn::Load(d, block.q + i * hn::Lanes(d)),
                  hn::Load(d, block.right + i * hn::Lanes(d)), part);
      }
    }
    AddTo(sums.q + c, part.q);
    AddTo(sums.qz + c, part.qz);
    AddTo(sums.w + c, part.w);
    AddTo(sums.wz + c, part.wz);
    AddTo(sums.wzz + c, part.wzz);
    AddTo(sums.v + c, part.v);
    AddTo(sums.vz + c, part.vz);
    AddTo(sums.vzz + c, part.vzz);
    AddTo(sums.vzzz + c, part.vzzz);
  }
}

template <class T>
HWY_INLINE void SumPanel(const PanelView<T>& panel, const RoughLanes& lanes, RoughSums& target,
                         RoughSums& comparison) {
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(D())) {
    SumGroup(panel.data, panel.n_target, lanes, 1.0f, c, target);
    SumGroup(panel.comparison(), panel.n_comparison, lanes, -1.0f, c, comparison);
  }
}

void SumFloat(const PanelView<float>& panel, const RoughLanes& lanes, RoughSums& target,
              RoughSums& comparison) {
  SumPanel(panel, lanes, target, comparison);
}
void SumDouble(const PanelView<double>& panel, const RoughLanes& lanes, RoughSums& target,
               RoughSums& comparison) {
  SumPanel(panel, lanes, target, comparison);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(SumFloat);
HWY_EXPORT(SumDouble);

void sum_panel(const PanelView<float>& panel, const RoughLanes& lanes, RoughSums& target,
               RoughSums& comparison) {
  HWY_DYNAMIC_DISPATCH(SumFloat)(panel, lanes, target, comparison);
}
void sum_panel(const PanelView<double>& panel, const RoughLanes& lanes, RoughSums& target,
               RoughSums& comparison) {
  HWY_DYNAMIC_DISPATCH(SumDouble)(panel, lanes, target, comparison);
}

constexpr int kRoughPasses = 2;
constexpr double kLargest = 1e36;   // that floats compute with
constexpr double kMaxReach = 60.0;  // of log-odds, at the start and after a step

struct Line {
  double a = 0, b = 0;
};

// Halley's step from the sums of column c (HalleyStep of panel_logistic.cc, lane by lane); no step where the
// matrix is not sound.
Line step_of(const RoughSums& t, const RoughSums& o, std::size_t c) {
  const double g0 = t.q[c] - o.q[c];
  const double g1 = t.qz[c] + o.qz[c];
  const double i0 = t.w[c] + o.w[c];
  const double i1 = t.wz[c] - o.wz[c];
  const double i2 = t.wzz[c] + o.wzz[c];
  const double det = i0 * i2 - i1 * i1;
  if (!(i0 > 0 && det > 1e-4 * i0 * i2)) return {};
  const double half_a = 0.5 * (i2 * g0 - i1 * g1) / det;
  const double half_b = 0.5 * (i0 * g1 - i1 * g0) / det;
  const double t1 = t.vz[c] + o.vz[c];
  const double t2 = t.vzz[c] - o.vzz[c];
  const double h0 = i0 + (t.v[c] - o.v[c]) * half_a + t1 * half_b;
  const double h1 = i1 + t1 * half_a + t2 * half_b;
  const double h2 = i2 + t2 * half_a + (t.vzzz[c] + o.vzzz[c]) * half_b;
  const double halley_det = h0 * h2 - h1 * h1;
  if (!(halley_det > 0.25 * det && h0 > 0.25 * i0)) return {2 * half_a, 2 * half_b};
  return {(h2 * g0 - h1 * g1) / halley_det, (h0 * g1 - h1 * g0) / halley_det};
}

}  // namespace

template <class T>
void rough_steps(PanelView<T> panel, PanelLanes& fit) {
  RoughLanes lanes{};
  PanelArray<bool> usable{};   // open, and floats hold its scale
  PanelArray<double> shift{};  // of z, by the rounding of its centre
  PanelArray<Line> line{};
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    usable[c] = fit.open[c] > 0 && std::fabs(fit.centre[c]) < kLargest && fit.inv_sd[c] < kLargest &&
                fit.inv_sd[c] > 1 / kLargest;
    if (!usable[c]) continue;
    lanes.centre[c] = static_cast<float>(fit.centre[c]);
    lanes.scale[c] = static_cast<float>(fit.inv_sd[c]);
    shift[c] = (static_cast<double>(lanes.centre[c]) - fit.centre[c]) * fit.inv_sd[c];
    line[c] = {fit.a[c] + fit.b[c] * shift[c], fit.b[c]};
  }
  for (int pass = 0; pass < kRoughPasses; ++pass) {
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      lanes.a[c] = static_cast<float>(line[c].a);
      lanes.b[c] = static_cast<float>(line[c].b);
    }
    RoughSums target{};
    RoughSums comparison{};
    sum_panel(panel, lanes, target, comparison);
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      const Line step = step_of(target, comparison, c);
      // From where the sums were taken: the line as floats have it.
      const Line next = {static_cast<double>(lanes.a[c]) + step.a, static_cast<double>(lanes.b[c]) + step.b};
      const bool bounded = std::fabs(line[c].a) + std::fabs(line[c].b) * fit.z_max[c] < kMaxReach &&
                           std::fabs(next.a) + std::fabs(next.b) * fit.z_max[c] < kMaxReach;
      if (usable[c] && bounded) line[c] = next;
    }
  }
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    if (!usable[c]) continue;
    fit.a[c] = line[c].a - line[c].b * shift[c];
    fit.b[c] = line[c].b;
  }
}

template void rough_steps<float>(PanelView<float>, PanelLanes&);
template void rough_steps<double>(PanelView<double>, PanelLanes&);

}  // namespace penfield::association
#endif
