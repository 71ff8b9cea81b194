// Placements of sixteen columns at once. The two sorted groups of a column are merged by Batcher's bitonic
// network, each value with its label beside it, and one walk over the merged rows counts, lane by lane, how
// many of either group lie below each run of equal values, and keeps the best cut between two runs. One
// column at a time, the merge waits on a branch that no processor can foretell: that took five times as long
// at n = 440. Long groups, whose rows would not stay in the cache, take the road of long_merge.h.
#include <algorithm>
#include <bit>
#include <limits>

#include "penfield/association/panel/lanes.h"
#include "penfield/association/panel/long_merge.h"
#include "penfield/association/panel/panel.h"
#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/auc.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/association/panel/load-inl.h"
HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A row of the merge: sixteen values, then the sixteen labels (1 target, 0 comparison) that go with them.
constexpr std::size_t kRow = 2 * kPanelUnits;

template <class T>
HWY_INLINE void CompareExchange(T* HWY_RESTRICT low, T* HWY_RESTRICT high) {
  const hn::CappedTag<T, kPanelUnits> d;
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    const auto a = hn::Load(d, low + c);
    const auto b = hn::Load(d, high + c);
    const auto label_a = hn::Load(d, low + kPanelUnits + c);
    const auto label_b = hn::Load(d, high + kPanelUnits + c);
    const auto swap = hn::Lt(b, a);
    hn::Store(hn::Min(a, b), d, low + c);
    hn::Store(hn::Max(a, b), d, high + c);
    hn::Store(hn::IfThenElse(swap, label_b, label_a), d, low + kPanelUnits + c);
    hn::Store(hn::IfThenElse(swap, label_a, label_b), d, high + kPanelUnits + c);
  }
}

// Sorts n = 2^k rows that go up and then down. Halves are finished one after the other, so that they stay in
// the cache.
template <class T>
HWY_INLINE void BitonicMerge(T* rows, std::size_t n) {
  constexpr std::size_t kInCache = 128;  // rows
  for (std::size_t part = n; part > 1; part /= 2) {
    if (part <= kInCache) break;
    for (std::size_t begin = 0; begin < n; begin += part) {
      for (std::size_t i = begin; i < begin + part / 2; ++i)
        CompareExchange(rows + i * kRow, rows + (i + part / 2) * kRow);
    }
  }
  const std::size_t chunk = HWY_MIN(n, kInCache);
  for (std::size_t first = 0; first < n; first += chunk) {
    for (std::size_t part = chunk; part > 1; part /= 2) {
      for (std::size_t begin = first; begin < first + chunk; begin += part) {
        for (std::size_t i = begin; i < begin + part / 2; ++i)
          CompareExchange(rows + i * kRow, rows + (i + part / 2) * kRow);
      }
    }
  }
}

using D = hn::CappedTag<double, kPanelUnits>;
using V = hn::Vec<D>;

// Walks the merged rows. All sums are in half counts as in PlacementSums, and whole numbers below 2^53.
template <class T>
HWY_INLINE void Walk(const T* rows, WalkLanes& lanes) {
  const D d;
  const auto zero = hn::Zero(d);
  const auto one = hn::Set(d, 1.0);
  const auto two = hn::Set(d, 2.0);
  const auto half = hn::Set(d, 0.5);
  const auto nan = hn::Set(d, std::numeric_limits<double>::quiet_NaN());
  const std::size_t n = lanes.n_target + lanes.n_comparison;
  const auto size_target = hn::Set(d, static_cast<double>(lanes.n_target));
  const auto size_comparison = hn::Set(d, static_cast<double>(lanes.n_comparison));
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    auto sum = zero, target_squared = zero, comparison_squared = zero, ties = zero;
    auto below_target = zero, below_comparison = zero;  // below the present run of equal values
    auto run_target = zero, run_comparison = zero;      // in the run so far
    const auto direction = hn::Load(d, lanes.direction + c);
    const auto tie = hn::IfThenElseZero(hn::Gt(direction, zero), half);
    auto cut_below = nan, cut_above = nan, least = half;
    auto previous = LoadAsDouble(d, rows + c);
    for (std::size_t i = 0; i <= n; ++i) {
      // One row beyond the last closes the last run.
      const T* row = rows + HWY_MIN(i, n - 1) * kRow + c;
      const auto value = LoadAsDouble(d, row);
      const auto closes = i == n ? hn::Eq(zero, zero) : hn::Ne(value, previous);
      const auto n_target = hn::IfThenElseZero(closes, run_target);
      const auto n_comparison = hn::IfThenElseZero(closes, run_comparison);
      const auto of_target = hn::MulAdd(two, below_comparison, n_comparison);
      const auto of_comparison = hn::MulAdd(two, below_target, n_target);
      const auto placed = hn::Mul(n_target, of_target);
      sum = hn::Add(sum, placed);
      target_squared = hn::MulAdd(placed, of_target, target_squared);
      comparison_squared =
          hn::MulAdd(hn::Mul(n_comparison, of_comparison), of_comparison, comparison_squared);
      const auto n_equal = hn::Add(n_target, n_comparison);
      ties = hn::MulAdd(n_equal, hn::MulSub(n_equal, n_equal, one), ties);
      below_target = hn::Add(below_target, n_target);
      below_comparison = hn::Add(below_comparison, n_comparison);
      const auto gain = hn::Mul(
          direction, hn::MulSub(size_target, below_comparison, hn::Mul(size_comparison, below_target)));
      const auto better = hn::And(closes, hn::Gt(hn::Add(gain, tie), least));
      cut_below = hn::IfThenElse(better, previous, cut_below);
      cut_above = hn::IfThenElse(better, value, cut_above);
      least = hn::IfThenElse(better, gain, least);
      previous = value;
      const auto label = LoadAsDouble(d, row + kPanelUnits);
      run_target = hn::Add(hn::Sub(run_target, n_target), label);
      run_comparison = hn::Add(hn::Sub(run_comparison, n_comparison), hn::Sub(one, label));
    }
    hn::Store(sum, d, lanes.sum + c);
    hn::Store(target_squared, d, lanes.target_squared + c);
    hn::Store(comparison_squared, d, lanes.comparison_squared + c);
    hn::Store(ties, d, lanes.ties + c);
    hn::Store(cut_below, d, lanes.cut_below + c);
    hn::Store(cut_above, d, lanes.cut_above + c);
    hn::Store(hn::IfThenElseZero(hn::Eq(cut_below, cut_below), least), d, lanes.cut_gain + c);
  }
}

void MergeFloat(float* rows, std::size_t n_padded, WalkLanes& lanes) {
  BitonicMerge(rows, n_padded);
  Walk(rows, lanes);
}
void MergeDouble(double* rows, std::size_t n_padded, WalkLanes& lanes) {
  BitonicMerge(rows, n_padded);
  Walk(rows, lanes);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(MergeFloat);
HWY_EXPORT(MergeDouble);

// Of panels that are not long the sums of squares are below 2^41.

void merge(float* rows, std::size_t n_padded, WalkLanes& lanes) {
  HWY_DYNAMIC_DISPATCH(MergeFloat)(rows, n_padded, lanes);
}
void merge(double* rows, std::size_t n_padded, WalkLanes& lanes) {
  HWY_DYNAMIC_DISPATCH(MergeDouble)(rows, n_padded, lanes);
}

// Targets upwards, infinities, comparisons downwards: up and then down.
template <class T>
void fill_bitonic(PanelView<T> panel, std::size_t n_padded, T* out) {
  const auto put = [&](std::size_t row, const T* values, T label) {
    std::copy_n(values, kPanelUnits, out + row * 2 * kPanelUnits);
    std::fill_n(out + row * 2 * kPanelUnits + kPanelUnits, kPanelUnits, label);
  };
  PanelArray<T> infinities;
  infinities.fill(std::numeric_limits<T>::infinity());
  for (std::size_t i = 0; i < panel.n_target; ++i) put(i, panel.data + i * kPanelUnits, T{1});
  for (std::size_t i = panel.n_target; i < n_padded - panel.n_comparison; ++i)
    put(i, infinities.data(), T{0});
  for (std::size_t i = 0; i < panel.n_comparison; ++i)
    put(n_padded - 1 - i, panel.comparison() + i * kPanelUnits, T{0});
}

}  // namespace

std::size_t panel_scratch_size(std::size_t n) {
  return is_long(n) ? kPanelUnits * n : std::bit_ceil(n) * 2 * kPanelUnits;
}

template <class T>
PanelArray<Placements> panel_placements(PanelView<T> panel, const PanelArray<Called>& called, T* scratch) {
  if (is_long(panel.n()))
    return long_placements(panel, reinterpret_cast<const OrderKey<T>*>(scratch), called);
  const std::size_t n_padded = std::bit_ceil(panel.n());
  fill_bitonic(panel, n_padded, scratch);
  WalkLanes lanes{};
  lanes.n_target = panel.n_target;
  lanes.n_comparison = panel.n_comparison;
  for (std::size_t c = 0; c < kPanelUnits; ++c) lanes.direction[c] = static_cast<double>(called[c]);
  merge(scratch, n_padded, lanes);
  PanelArray<Placements> out;
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    out[c].sums = {.target = static_cast<std::uint64_t>(lanes.sum[c]),
                   .target_squared = static_cast<std::uint64_t>(lanes.target_squared[c]),
                   .comparison_squared = static_cast<std::uint64_t>(lanes.comparison_squared[c])};
    const auto at = [&](std::size_t k) { return scratch[k * 2 * kPanelUnits + c]; };
    out[c].pooled = {.ties = lanes.ties[c],
                     .lower_quartile = quantile(panel.n(), 0.25, at),
                     .upper_quartile = quantile(panel.n(), 0.75, at)};
    out[c].cut = {.below = lanes.cut_below[c], .above = lanes.cut_above[c], .gain = lanes.cut_gain[c]};
  }
  return out;
}

template PanelArray<Placements> panel_placements<float>(PanelView<float>, const PanelArray<Called>&, float*);
template PanelArray<Placements> panel_placements<double>(PanelView<double>, const PanelArray<Called>&,
                                                         double*);

}  // namespace penfield::association
#endif
