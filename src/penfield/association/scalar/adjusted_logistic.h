// The logistic likelihood of one unit with columns that all units share (the intercept and the covariates),
// in scalar double arithmetic: maximum likelihood with detection of separation, Firth's estimate,
// profile-likelihood intervals and the cluster-robust standard error. It is the scalar twin of the SIMD
// kernel (panel/newton.cc), and the fallback for units on which that kernel does not converge.
//
// Why QR: the information matrix is never formed. Rows √w·(shared, z) are orthogonalised (modified
// Gram-Schmidt), so that R'R is the information. R loses half as many digits as a Cholesky factor, its last
// diagonal entry is √(the information about the unit given the rest), and the leverages of Firth's score are
// the rows of Q (Björck 1967, BIT 7:1; Green 1984, J. R. Stat. Soc. B 46:149).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/association/scalar/newton_limits.h"

namespace penfield::association {

// n samples, the target group first.
struct Design {
  std::span<const double> shared;  // [n, m], row-major; the first column is all ones
  std::size_t m = 1;
  std::span<const double> z;  // [n], the unit's own column
  std::size_t n_target = 0;

  [[nodiscard]] std::size_t n() const { return z.size(); }
  [[nodiscard]] std::size_t n_coefficients() const { return m + 1; }
};

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
  double objective = 0;       // log-likelihood, plus ½ log|I| if penalised
  double spread = 0;  // information about the unit's coefficient given the others: 1/√spread is its SE
  std::vector<double>
      direction;  // [m + 1], where quasi-separated: that in which the likelihood has no maximum
};

// Buffers of one thread.
struct AdjustedScratch {
  std::vector<double> q, leverage, columns;      // [n], [n], [n_coefficients, n]
  std::vector<double> r, slope, gradient, step;  // upper triangles [p, p] twice, [p], [p]
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

// [n]: true for the samples that the `direction` of quasi-separation separates; the others lie on its plane.
[[nodiscard]] std::vector<bool> samples_off_border(const Design& design, std::span<const double> direction);

// 2(ℓ(theta) − ℓ(null)), summed as differences of small terms. `null_wrong` [n]: the probability that the
// null model gives to the wrong label; `null_theta` as theta.
[[nodiscard]] double adjusted_chi2(const Design& design, std::span<const double> theta,
                                   std::span<const double> null_theta, std::span<const double> null_wrong);

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

// The ends of the 95% profile-likelihood interval of the unit's coefficient, where 2(ℓ̂ − max over the others)
// is the 0.95 quantile of χ²(1); by Newton on the signed root, which is nearly linear (Venzon & Moolgavkar
// 1988, Appl. Stat. 37:87, for the interval; DiCiccio & Tibshirani 1991 for the root). `fit` must have
// converged. An end that is not found within the range of doubles is NaN.
struct Interval {
  double lo = 0, hi = 0;
};
[[nodiscard]] Interval profile_interval(const Design& design, const AdjustedFit& fit, Penalty penalty,
                                        AdjustedScratch& scratch);

// Cluster-robust standard error of the unit's coefficient at `theta` (Liang & Zeger 1986, Biometrika 73:13):
// √(Σ over clusters of (Σ of x'I⁻¹e·residual)²), with the small-sample factor G/(G − 1)·(n − 1)/(n − m − 1)
// of Stata and of statsmodels' cov_type="cluster".
//   cluster  [n], 0 … n_clusters − 1; n_clusters >= 2
[[nodiscard]] double cluster_standard_error(const Design& design, std::span<const double> theta,
                                            std::span<const std::uint32_t> cluster, std::size_t n_clusters,
                                            AdjustedScratch& scratch);

}  // namespace penfield::association
