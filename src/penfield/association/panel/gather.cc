// Filling a panel, and the moments of its columns: the passes that are bound by memory, not by arithmetic.
#include <hwy/cache_control.h>

#include <cmath>

#include "penfield/association/panel/panel.h"
#include "penfield/base/check.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "penfield/association/panel/gather.cc"
#include <hwy/foreach_target.h>
// After foreach_target.h.
#include <hwy/highway.h>

#include "penfield/association/panel/load-inl.h"

HWY_BEFORE_NAMESPACE();
namespace penfield::association::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A whole row of sixteen; x·0 is NaN exactly where x is no number, and adding 0 turns −0 into 0.
template <class T>
HWY_INLINE std::uint32_t GatherWhole(const T* x, std::size_t stride, std::span<const std::size_t> rows,
                                     T* out) {
  constexpr std::size_t kRowsAhead = 16;
  const hn::CappedTag<T, kPanelUnits> d;
  const auto zero = hn::Zero(d);
  HWY_ALIGN T bad[kPanelUnits] = {};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i + kRowsAhead < rows.size()) hwy::Prefetch(x + rows[i + kRowsAhead] * stride);
    for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
      const auto value = hn::LoadU(d, x + rows[i] * stride + c);
      hn::Store(hn::MulAdd(value, zero, hn::Load(d, bad + c)), d, bad + c);
      hn::Store(hn::Add(value, zero), d, out + i * kPanelUnits + c);
    }
  }
  std::uint32_t bits = 0;
  for (std::size_t c = 0; c < kPanelUnits; ++c) bits |= static_cast<std::uint32_t>(bad[c] != T{0}) << c;
  return bits;
}

std::uint32_t GatherFloat(const float* x, std::size_t stride, std::span<const std::size_t> rows, float* out) {
  return GatherWhole(x, stride, rows, out);
}
std::uint32_t GatherDouble(const double* x, std::size_t stride, std::span<const std::size_t> rows,
                           double* out) {
  return GatherWhole(x, stride, rows, out);
}

// Of the columns of one group: a number near the mean, what the mean lies beyond it, and Σ(x − mean)². The
// second pass works on deviations from a mean that is right but for its rounding, so n·beyond² takes nothing
// from the sum of squares.
template <class T>
HWY_INLINE void SumGroup(const T* rows, std::size_t n, double* near_mean, double* beyond, double* ss) {
  const hn::CappedTag<double, kPanelUnits> d;
  const auto size = hn::Set(d, static_cast<double>(n));
  for (std::size_t c = 0; c < kPanelUnits; c += hn::Lanes(d)) {
    auto sum = hn::Zero(d);
    for (std::size_t i = 0; i < n; ++i) sum = hn::Add(sum, LoadAsDouble(d, rows + i * kPanelUnits + c));
    const auto centre = hn::Div(sum, size);
    auto first = hn::Zero(d);
    auto second = hn::Zero(d);
    for (std::size_t i = 0; i < n; ++i) {
      const auto deviation = hn::Sub(LoadAsDouble(d, rows + i * kPanelUnits + c), centre);
      first = hn::Add(first, deviation);
      second = hn::MulAdd(deviation, deviation, second);
    }
    const auto mean_beyond = hn::Div(first, size);
    hn::StoreU(centre, d, near_mean + c);
    hn::StoreU(mean_beyond, d, beyond + c);
    hn::StoreU(hn::Max(hn::Zero(d), hn::NegMulAdd(mean_beyond, first, second)), d, ss + c);
  }
}

void SumGroupFloat(const float* rows, std::size_t n, double* near_mean, double* beyond, double* ss) {
  SumGroup(rows, n, near_mean, beyond, ss);
}
void SumGroupDouble(const double* rows, std::size_t n, double* near_mean, double* beyond, double* ss) {
  SumGroup(rows, n, near_mean, beyond, ss);
}

}  // namespace penfield::association::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace penfield::association {
namespace {

HWY_EXPORT(GatherFloat);
HWY_EXPORT(GatherDouble);
HWY_EXPORT(SumGroupFloat);
HWY_EXPORT(SumGroupDouble);

std::uint32_t gather_whole(const float* x, std::size_t stride, std::span<const std::size_t> rows,
                           float* out) {
  return HWY_DYNAMIC_DISPATCH(GatherFloat)(x, stride, rows, out);
}
std::uint32_t gather_whole(const double* x, std::size_t stride, std::span<const std::size_t> rows,
                           double* out) {
  return HWY_DYNAMIC_DISPATCH(GatherDouble)(x, stride, rows, out);
}

struct GroupSums {
  PanelArray<double> near_mean, beyond, ss;
};

GroupSums sum_group(const float* rows, std::size_t n) {
  GroupSums sums{};
  HWY_DYNAMIC_DISPATCH(SumGroupFloat)(rows, n, sums.near_mean.data(), sums.beyond.data(), sums.ss.data());
  return sums;
}
GroupSums sum_group(const double* rows, std::size_t n) {
  GroupSums sums{};
  HWY_DYNAMIC_DISPATCH(SumGroupDouble)(rows, n, sums.near_mean.data(), sums.beyond.data(), sums.ss.data());
  return sums;
}

// The last panel of a matrix whose width is no multiple of sixteen.
template <class T>
std::uint32_t gather_part(const T* x, std::size_t stride, std::size_t width,
                          std::span<const std::size_t> rows, T* out) {
  std::uint32_t bad = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t c = 0; c < kPanelUnits; ++c) {
      const T value = c < width ? x[rows[i] * stride + c] + T{0} : T{0};
      bad |= static_cast<std::uint32_t>(!std::isfinite(value)) << c;
      out[i * kPanelUnits + c] = value;
    }
  }
  return bad;
}

template <class T>
GroupMoments group_moments(const T* sorted_rows, std::size_t n, const GroupSums& sums, double centre,
                           std::size_t c) {
  GroupMoments group = {.n = n,
                        .offset = (sums.near_mean[c] - centre) + sums.beyond[c],
                        .ss = sums.ss[c],
                        .min = static_cast<double>(sorted_rows[c]),
                        .max = static_cast<double>(sorted_rows[(n - 1) * kPanelUnits + c])};
  settle_constant_group(centre, group);
  return group;
}

}  // namespace

template <class T>
std::uint32_t gather_panel(const T* x, std::size_t stride, std::size_t width,
                           std::span<const std::size_t> rows, PanelView<T> panel) {
  PENFIELD_CHECK(rows.size() == panel.n());
  const std::uint32_t bad = width == kPanelUnits ? gather_whole(x, stride, rows, panel.data)
                                                 : gather_part(x, stride, width, rows, panel.data);
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    if ((bad >> c & 1u) == 0) continue;
    for (std::size_t i = 0; i < rows.size(); ++i) panel.data[i * kPanelUnits + c] = T{0};
  }
  return bad;
}

template <class T>
PanelArray<ColumnMoments> panel_moments(PanelView<T> panel) {
  const GroupSums target = sum_group(panel.data, panel.n_target);
  const GroupSums comparison = sum_group(panel.comparison(), panel.n_comparison);
  const double share = static_cast<double>(panel.n_target) / static_cast<double>(panel.n());
  PanelArray<ColumnMoments> moments;
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    const double centre = comparison.near_mean[c] + share * (target.near_mean[c] - comparison.near_mean[c]);
    moments[c].centre = centre;
    moments[c].target = group_moments(panel.data, panel.n_target, target, centre, c);
    moments[c].comparison = group_moments(panel.comparison(), panel.n_comparison, comparison, centre, c);
  }
  return moments;
}

template std::uint32_t gather_panel<float>(const float*, std::size_t, std::size_t,
                                           std::span<const std::size_t>, PanelView<float>);
template std::uint32_t gather_panel<double>(const double*, std::size_t, std::size_t,
                                            std::span<const std::size_t>, PanelView<double>);
template PanelArray<ColumnMoments> panel_moments<float>(PanelView<float>);
template PanelArray<ColumnMoments> panel_moments<double>(PanelView<double>);

}  // namespace penfield::association
#endif
