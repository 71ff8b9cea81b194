// What a column's two groups are like: means, spread, range, and the tests that need no more than that.
//
// Everything is taken about a centre near the column's mean and in two passes, so that a column far from zero
// (a shift of 1e4 or 1e8 standard deviations) loses no digit beyond those that its own numbers lack; Σx² −
// n·x̄² would lose them all.
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

struct ColumnMoments {
  double centre = 0;  // near the mean of all
  GroupMoments target, comparison;

  [[nodiscard]] double n() const { return static_cast<double>(target.n + comparison.n); }
  [[nodiscard]] double difference() const { return target.offset - comparison.offset; }
  // Mean of all samples less the centre.
  [[nodiscard]] double offset() const;
  // Σ(x − mean of all)²: the groups' own plus that between them.
  [[nodiscard]] double ss() const;
  // Of all samples, n − 1.
  [[nodiscard]] double sd() const;
};

// Moments of a column whose first `n_target` values are the target group; all values finite, both groups
// non-empty.
[[nodiscard]] ColumnMoments column_moments(std::span<const double> x, std::size_t n_target);

// Status as far as the ranges of the groups tell it: kConstant, kSeparated, kQuasiSeparated or kOk. In one
// dimension the maximum-likelihood estimate exists exactly when the groups' ranges overlap in more than a
// point (Albert & Anderson 1984).
[[nodiscard]] FitStatus status_of_ranges(const GroupMoments& target, const GroupMoments& comparison);

// Fills means, sd, Cohen's d, Welch's t and the score test; all of them invariant under shift, and tests
// under scale.
//   score    U²/V at β = 0, α = logit(n1/n): n1·n0·(x̄1 − x̄0)² / Σ(x − x̄)²   (Rao 1948)
//   d        (x̄1 − x̄0) / pooled SD; interval d ± 1.96·√(n/(n1·n0) + d²/(2n))   (Hedges & Olkin 1985, ch. 5
//   eq. 15) t        Welch 1947 with Satterthwaite's degrees of freedom
// NaN where the variance in question is zero.
void fill_moment_statistics(const ColumnMoments& moments, UnitFit& fit);

}  // namespace penfield::association
