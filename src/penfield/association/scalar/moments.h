// Means, spread and range of a column's two groups, and the tests that need nothing else.
//
// Moments are computed in two passes about a centre near the column's mean, so that a column far from zero (a
// shift of 1e4 or 1e8 standard deviations) loses no digits beyond the rounding of its values; Σx² − n·x̄²
// would lose them all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "penfield/association/scalar/fit_table.h"

namespace penfield::association {

struct GroupMoments {
  std::size_t n = 0;
  double offset = 0;  // mean − centre
  double ss = 0;      // Σ(x − group mean)²
  double min = 0, max = 0;
};

// Of a group whose values are all the same the mean is that value and the spread is zero, to the last digit:
// sums about a centre that is itself rounded would leave a spread of rounding errors, and divide by it.
void settle_constant_group(double centre, GroupMoments& group);

struct ColumnMoments {
  double centre = 0;  // near the mean of all
  GroupMoments target, comparison;

  [[nodiscard]] double n() const { return static_cast<double>(target.n + comparison.n); }
  [[nodiscard]] double difference() const { return target.offset - comparison.offset; }
  // Mean of all samples minus the centre.
  [[nodiscard]] double offset() const;
  // Σ(x − mean of all)²: within groups plus between groups.
  [[nodiscard]] double ss() const;
  // The largest distance of a sample from the mean of all.
  [[nodiscard]] double farthest() const;
  // Of all samples, n − 1.
  [[nodiscard]] double sd() const;
};

// Moments of a column whose first `n_target` values are the target group; all values finite, both groups
// non-empty.
[[nodiscard]] ColumnMoments column_moments(std::span<const double> x, std::size_t n_target);

// Status from the ranges of the groups: kConstant, kSeparated, kQuasiSeparated or kOk. In one
// dimension the maximum-likelihood estimate exists exactly when the groups' ranges overlap in more than a
// point (Albert & Anderson 1984).
[[nodiscard]] FitStatus status_of_ranges(const GroupMoments& target, const GroupMoments& comparison);

// Fills means, sd, Cohen's d, Welch's t, the score test and the note kOutlier. Tests are invariant under
// shift and scale.
//   score    U²/V at β = 0, α = logit(n1/n): n1·n0·(x̄1 − x̄0)² / Σ(x − x̄)²   (Rao 1948)
//   d        (x̄1 − x̄0) / pooled SD; interval d ± 1.96·√(n/(n1·n0) + d²/(2n))
//            (Hedges & Olkin 1985, ch. 5, eq. 15)
//   t        Welch 1947 with Satterthwaite's degrees of freedom
// NaN if the variance concerned is zero.
void fill_moment_statistics(const ColumnMoments& moments, UnitFit& fit);

}  // namespace penfield::association
