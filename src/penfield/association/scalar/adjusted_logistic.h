// Maximum likelihood, and the maximum of Firth's penalised likelihood, of one unit with columns that all
// units share, with detection of separation, and the likelihood ratio. The scalar definition of the SIMD
// kernel panel/newton.cc, and the fallback for units on which that kernel does not converge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/association/scalar/adjusted_likelihood.h"
#include "penfield/association/scalar/newton_limits.h"

namespace penfield::association {

enum class Slope : std::uint8_t { kFree, kHeld };  // whether the unit's own coefficient is estimated

enum class Outcome : std::uint8_t {
  kConverged,
  kSeparated,       // a combination of the columns separates the groups without error
  kQuasiSeparated,  // the same except for samples on the boundary
  kNotConverged,
};

struct AdjustedFit {
  Outcome outcome = Outcome::kNotConverged;
  std::vector<double> theta;  // [m + 1]: of the shared columns, then of the unit
  double objective = 0;       // log-likelihood, with ½ log|I| where penalised
  double score = 0;   // its derivative by the unit's coefficient: about 0 at a maximum where that is free
  double spread = 0;  // information about the unit's coefficient given the others: 1/√spread is its SE
  // [m + 1], where quasi-separated: that in which the likelihood has no maximum.
  std::vector<double> direction;
};

// Newton's method (scoring with leverages if penalised) from `start`; a step is halved while the objective
// decreases.
//
// Without penalty a maximum exists exactly when no direction separates the groups (Albert & Anderson 1984,
// Biometrika 71:1), and the iterations show which case holds. At a maximum the steps converge; under
// separation they do not shrink. A log-likelihood above −log 2 means that every sample is on its correct
// side, which is complete separation. A direction of divergence with no sample on the wrong side (within 1e-9
// of the farthest) is quasi-complete separation (Konis 2007).
//
// If targets are rare, the first step from the null may change the log-odds so much that the weights vanish
// in rounding. An attempt that does not converge, or converges where almost no information about the unit is
// left, is repeated with steps of at most 5 log-odds.
[[nodiscard]] AdjustedFit maximise(const Design& design, const std::vector<double>& start, Slope slope,
                                   Penalty penalty, AdjustedScratch& scratch);

// 2(ℓ(theta) − ℓ(null)), summed as differences of small terms. `null_wrong` [n]: the probability that the
// null model gives to the wrong label; `null_theta` as theta.
[[nodiscard]] double adjusted_chi2(const Design& design, std::span<const double> theta,
                                   std::span<const double> null_theta, std::span<const double> null_wrong);

}  // namespace penfield::association
