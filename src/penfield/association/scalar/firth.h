// Firth's penalised estimate of one unit beside shared columns, where the likelihood may have two maxima.
#pragma once

#include <span>
#include <vector>

#include "penfield/association/scalar/adjusted_logistic.h"

namespace penfield::association {

// Firth's estimate and its statistic 2(ℓ* − max with the unit's coefficient 0), both penalised with the
// information of all coefficients (Heinze & Schemper 2002, Stat. Med. 21:2409).
struct FirthFit {
  AdjustedFit fit;
  double chi2 = 0;
  // The penalised likelihood has two maxima, one that follows a sample far from all others and one that
  // ignores it. The higher one is in `fit`.
  bool is_bimodal = false;
};
// start: [m + 1], initial coefficients of the other columns.
[[nodiscard]] FirthFit fit_adjusted_firth(const Design& design, const std::vector<double>& start,
                                          AdjustedScratch& scratch);

// True if one sample holds at least a quarter of a column's sum of squares; only then a second maximum is
// searched for.
[[nodiscard]] bool has_far_sample(std::span<const double> z);

}  // namespace penfield::association
