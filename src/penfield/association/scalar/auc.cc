#include "penfield/association/scalar/auc.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "penfield/numeric/constants.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

__extension__ using Wide = unsigned __int128;

// Sample variance of n placements (each in half counts of `other`) as a share of the other group, divided by
// n.
double variance_of_mean(std::uint64_t sum, std::uint64_t squares, std::size_t n, std::size_t other) {
  const Wide spread = Wide{n} * squares - Wide{sum} * sum;  // n·Σ(placement − mean)², exact
  const double size = static_cast<double>(n);
  const double scale = 2.0 * static_cast<double>(other) * size;
  return static_cast<double>(spread) / (size - 1.0) / (scale * scale);
}

double ties_of_run(double n) {
  return n * (n * n - 1.0);
}

// The k-th smallest of both groups, from 0: of the first k + 1 so many are targets that none left out is
// smaller.
template <class T>
T kth_of_both(const T* target, std::size_t n1, const T* comparison, std::size_t n0, std::size_t stride,
              std::size_t k) {
  std::size_t low = k + 1 > n0 ? k + 1 - n0 : 0;
  std::size_t high = std::min(k + 1, n1);
  while (low < high) {
    const std::size_t i = low + (high - low) / 2;  // targets taken; of comparisons k + 1 − i >= 1
    if (target[i * stride] < comparison[(k - i) * stride]) {
      low = i + 1;
    } else {
      high = i;
    }
  }
  const std::size_t j = k + 1 - low;
  if (low == 0) return comparison[(j - 1) * stride];
  if (j == 0) return target[(low - 1) * stride];
  return std::max(target[(low - 1) * stride], comparison[(j - 1) * stride]);
}

}  // namespace

template <class T>
Placements merge_placements(const T* target, std::size_t n1, const T* comparison, std::size_t n0,
                            std::size_t stride, Called called) {
  Placements out;
  PlacementSums& sums = out.sums;
  BestCut& cut = out.cut;
  // A cut further up calls fewer where the upper side is called, and wins a tie there.
  const double direction = static_cast<double>(called);
  const double tie = called == Called::kAbove ? 0.5 : 0.0;
  bool cut_is_open = false;  // its upper value is the next run's
  double least = 0.5;        // what a cut must surpass
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < n1 || j < n0) {
    const T value = j == n0 || (i < n1 && target[i * stride] < comparison[j * stride])
                        ? target[i * stride]
                        : comparison[j * stride];
    if (cut_is_open) cut.above = static_cast<double>(value);
    const std::size_t below_target = i;
    const std::size_t below_comparison = j;
    while (i < n1 && target[i * stride] == value) ++i;
    while (j < n0 && comparison[j * stride] == value) ++j;
    const std::uint64_t of_target = below_comparison + j;  // twice those below plus those equal
    const std::uint64_t of_comparison = below_target + i;
    sums.target += (i - below_target) * of_target;
    sums.target_squared += (i - below_target) * of_target * of_target;
    sums.comparison_squared += (j - below_comparison) * of_comparison * of_comparison;
    out.pooled.ties += ties_of_run(static_cast<double>(i - below_target + j - below_comparison));
    const double gain = direction * (static_cast<double>(n1) * static_cast<double>(j) -
                                     static_cast<double>(n0) * static_cast<double>(i));
    cut_is_open = gain + tie > least;
    if (!cut_is_open) continue;
    cut.below = static_cast<double>(value);
    cut.gain = least = gain;
  }
  if (n1 + n0 > 0) fill_quartiles(target, n1, comparison, n0, stride, out.pooled);
  return out;
}

template <class T>
void fill_quartiles(const T* target, std::size_t n1, const T* comparison, std::size_t n0, std::size_t stride,
                    PooledOrder& pooled) {
  const auto at = [&](std::size_t k) { return kth_of_both(target, n1, comparison, n0, stride, k); };
  pooled.lower_quartile = quantile(n1 + n0, 0.25, at);
  pooled.upper_quartile = quantile(n1 + n0, 0.75, at);
}

double neglog10_p_rank(const Placements& placements, std::size_t n1, std::size_t n0) {
  const auto pairs = static_cast<std::int64_t>(std::uint64_t{n1} * n0);
  const auto n = static_cast<double>(n1 + n0);
  const double variance =
      static_cast<double>(pairs) / 12.0 * (n + 1.0 - placements.pooled.ties / (n * (n - 1.0)));
  if (!(variance > 0)) return std::numeric_limits<double>::quiet_NaN();
  // 2U − n1·n0, a whole number.
  const auto twice = static_cast<double>(static_cast<std::int64_t>(placements.sums.target) - pairs);
  return numeric::neglog10_p_normal(twice / 2.0 / std::sqrt(variance));
}

double threshold_of(const BestCut& cut, Called called) {
  const double middle = cut.below / 2 + cut.above / 2;
  if (called == Called::kAbove) return middle <= cut.below ? cut.above : middle;
  return middle >= cut.above ? cut.below : middle;
}

AreaUnderCurve delong(const PlacementSums& sums, std::size_t n1, std::size_t n0) {
  const std::uint64_t pairs = std::uint64_t{n1} * n0;
  AreaUnderCurve area;
  area.auc = static_cast<double>(sums.target) / (2.0 * static_cast<double>(pairs));
  // The comparisons' placements sum to what is left of the 2·n1·n0 half counts.
  const double variance = variance_of_mean(sums.target, sums.target_squared, n1, n0) +
                          variance_of_mean(2 * pairs - sums.target, sums.comparison_squared, n0, n1);
  const double half = numeric::kNormal975 * std::sqrt(variance);
  area.lo = std::max(0.0, area.auc - half);
  area.hi = std::min(1.0, area.auc + half);
  return area;
}

template void fill_quartiles<float>(const float*, std::size_t, const float*, std::size_t, std::size_t,
                                    PooledOrder&);
template void fill_quartiles<double>(const double*, std::size_t, const double*, std::size_t, std::size_t,
                                     PooledOrder&);
template Placements merge_placements<float>(const float*, std::size_t, const float*, std::size_t, std::size_t,
                                            Called);
template Placements merge_placements<double>(const double*, std::size_t, const double*, std::size_t,
                                             std::size_t, Called);

}  // namespace penfield::association
