// Profile-likelihood intervals of one unit's coefficient beside shared columns.
#pragma once

#include "penfield/association/scalar/adjusted_logistic.h"

namespace penfield::association {

// The ends of the 95% profile-likelihood interval of the unit's coefficient, where 2(ℓ̂ − max over the
// others) is the 0.95 quantile of χ²(1); by Newton on the signed root, which is nearly linear (Venzon &
// Moolgavkar 1988, Appl. Stat. 37:87, for the interval; DiCiccio & Tibshirani 1991 for the root). `fit` must
// have converged. An end that is not found within the range of doubles is NaN.
struct Interval {
  double lo = 0, hi = 0;
};
[[nodiscard]] Interval profile_interval(const Design& design, const AdjustedFit& fit, Penalty penalty,
                                        AdjustedScratch& scratch);

}  // namespace penfield::association
