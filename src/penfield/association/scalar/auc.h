// Area under the ROC curve with DeLong's interval, and the best point of that curve, from two sorted groups.
//
// One merge of the sorted groups gives every placement (the number of samples of the other group below it,
// ties half), from which U and both variances follow. Placements are counted in halves, so all sums are
// integers and exact. Source: DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837; ties as in Mann &
// Whitney's U. The merge passes every cut between two neighbouring values, which are all points of the curve,
// and keeps the one with the largest J = sensitivity − false-alarm rate (Youden 1950, Cancer 3:32).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace penfield::association {

struct AreaUnderCurve {
  double auc = 0.5, lo = 0.5, hi = 0.5;
};

// Sums over placements, in half counts: a target's placement is 2·#(comparisons below) + #(equal
// comparisons), and vice versa for a comparison.
struct PlacementSums {
  std::uint64_t target = 0;          // Σ over targets = 2U <= 2·n1·n0
  std::uint64_t target_squared = 0;  // <= 4·n1·n0²
  std::uint64_t comparison_squared = 0;
};

// Which values are predicted to be targets: those above the cut, those below it, or none.
enum class Called : std::int8_t { kBelow = -1, kNone = 0, kAbove = 1 };

// The best cut is between two neighbouring values of the pooled groups; NaN if no cut is better than chance.
// Among equal cuts it is the one with the fewest false alarms.
struct BestCut {
  double below = std::numeric_limits<double>::quiet_NaN(), above = std::numeric_limits<double>::quiet_NaN();
  double gain = 0;  // J·n1·n0, a whole number
};

// Of the two groups together.
struct PooledOrder {
  double ties = 0;                                // Σ over runs of equal values of t³ − t, t their number
  double lower_quartile = 0, upper_quartile = 0;  // R's type 7 (Hyndman & Fan 1996)
};

struct Placements {
  PlacementSums sums;
  BestCut cut;
  PooledOrder pooled;
};

// Groups in ascending order; element i of a group at data[i * stride]. n1·n0·max(n1, n0) < 2^62.
template <class T>
[[nodiscard]] Placements merge_placements(const T* target, std::size_t n1, const T* comparison,
                                          std::size_t n0, std::size_t stride, Called called);

// The order statistic x₍₁₊h₎, h = (n − 1)·share with linear interpolation: a quantile of type 7 among n
// values. at(k): the k-th smallest, from 0.
template <class At>
[[nodiscard]] double quantile(std::size_t n, double share, const At& at) {
  const double h = static_cast<double>(n - 1) * share;
  const auto k = static_cast<std::size_t>(h);
  const auto below = static_cast<double>(at(k));
  if (k + 1 >= n) return below;
  return below + (h - static_cast<double>(k)) * (static_cast<double>(at(k + 1)) - below);
}

// Fills the quartiles of two groups as merge_placements takes them.
template <class T>
void fill_quartiles(const T* target, std::size_t n1, const T* comparison, std::size_t n0, std::size_t stride,
                    PooledOrder& pooled);

// Wilcoxon's rank-sum test as −log10 p, two-sided, from the normal approximation without a correction for
// continuity: z = (U − n1·n0/2)/√(n1·n0/12·[n + 1 − ties/(n(n − 1))]) (Lehmann 1975, Nonparametrics, ch.
// 1.4). NaN where all values are equal.
[[nodiscard]] double neglog10_p_rank(const Placements& placements, std::size_t n1, std::size_t n0);

// The middle of the gap, so that x >= threshold (kAbove) or x <= threshold (kBelow) separates the values.
[[nodiscard]] double threshold_of(const BestCut& cut, Called called);

// auc = U/(n1·n0); interval auc ± 1.96·√(S10/n1 + S01/n0), clipped to [0, 1]. DeLong's variance is zero, and
// the interval a single point, if the groups are separated. Each group needs at least two samples.
[[nodiscard]] AreaUnderCurve delong(const PlacementSums& sums, std::size_t n1, std::size_t n0);

}  // namespace penfield::association
