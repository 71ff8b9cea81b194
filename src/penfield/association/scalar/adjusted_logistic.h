// The logistic likelihood of one unit beside columns that all units share (the intercept and the covariates),
// in plain double arithmetic: maximum likelihood with a sound answer to separation, Firth's estimate,
// profile-likelihood bounds and the cluster-robust spread. It is the twin of the SIMD kernel in
// panel_newton.cc, and the road for the units that the kernel leaves.
//
// Why QR: the information is never formed. Rows √w·(shared, z) are orthogonalised (modified Gram-Schmidt), so
// that R'R is the information; R loses half the digits that a Cholesky factor would, its last diagonal is
// √(the information about the unit given the rest), and the leverages of Firth's score are the rows of Q
// (Björck 1967, BIT 7:1; Green 1984, J. R. Stat. Soc. B 46:149).
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

enum class Slope : std::uint8_t { kFree, kHeld };  // may the unit's own coefficient move?

enum class Outcome : std::uint8_t {
  kConverged,
  kSeparated,       // a combination of the columns parts the groups without error
  kQuasiSeparated,  // one parts them but for samples that lie on the border
  kNotConverged,
};

struct AdjustedFit {
  Outcome outcome = Outcome::kNotConverged;
  std::vector<double> theta;  // [m + 1]: of the shared columns, then of the unit
  double objective = 0;       // log-likelihood, with ½ log|I| where penalised
  double spread = 0;  // information about the unit's coefficient given the others: 1/√spread is its SE
};

// Buffers of one thread.
struct AdjustedScratch {
  std::vector<double> q, leverage, columns;      // [n], [n], [n_coefficients, n]
  std::vector<double> r, slope, gradient, step;  // upper triangles [p, p] twice, [p], [p]
};

// Newton's method (scoring with leverages where penalised) from `start`, a step halved while the objective
// falls.
//
// Without penalty a maximum exists exactly when no direction parts the groups (Albert & Anderson 1984,
// Biometrika 71:1), and Newton shows which: a maximum is one that steps end at, as under separation they do
// not shrink; a log-likelihood above −log 2 means that every sample is on its right side, which is complete
// separation; and a direction of divergence in which no sample is on its wrong side (but for 1e-9 of the
// farthest) is quasi-complete separation, after Konis 2007.
//
// Where targets are rare the first step from the null may be of so many log-odds that the weights sink below
// rounding. A climb that does not end, or ends where next to no information about the unit is left, is made
// again with steps of at most 5 log-odds.
[[nodiscard]] AdjustedFit maximise(const Design& design, const std::vector<double>& start, Slope slope,
                                   Penalty penalty, AdjustedScratch& scratch);

// 2(ℓ(theta) − ℓ(null)), summed as differences of small terms. `null_wrong` [n]: the null's probability of
// the wrong answer; `null_theta` as theta.
[[nodiscard]] double adjusted_chi2(const Design& design, std::span<const double> theta,
                                   std::span<const double> null_theta, std::span<const double> null_wrong);

// Firth's estimate; its statistic 2(ℓ* − max at a coefficient of 0), the penalty of both with the information
// of all coefficients (Heinze & Schemper 2002, Stat. Med. 21:2409).
struct FirthFit {
  AdjustedFit fit;
  double chi2 = 0;
  // The penalised likelihood has a second maximum: one sample far from all others can be followed or given
  // up. The higher of the two is in `fit`.
  bool is_bimodal = false;
};
// `start` is where the other columns' coefficients begin, [m + 1].
[[nodiscard]] FirthFit fit_adjusted_firth(const Design& design, const std::vector<double>& start,
                                          AdjustedScratch& scratch);

// Does one sample carry a quarter or more of a column's sum of squares? Only then is a second maximum looked
// for.
[[nodiscard]] bool has_far_sample(std::span<const double> z);

// The ends of the 95% profile-likelihood interval of the unit's coefficient: where 2(ℓ̂ − max over the others)
// is χ²(1)'s 0.95 quantile, by Newton on the signed root of that difference, which is nearly a line (Venzon &
// Moolgavkar 1988, Appl. Stat. 37:87, for the interval; DiCiccio & Tibshirani 1991 for the root). `fit` has
// converged. An end that is not found within the range of doubles is NaN.
struct Interval {
  double lo = 0, hi = 0;
};
[[nodiscard]] Interval profile_interval(const Design& design, const AdjustedFit& fit, Penalty penalty,
                                        AdjustedScratch& scratch);

// Standard error of the unit's coefficient at `theta` when samples of one cluster depend on each other (Liang
// & Zeger 1986, Biometrika 73:13): √(Σ over clusters of (Σ of x'I⁻¹e·residual)²), with the small-sample
// factor G/(G − 1)·(n − 1)/(n − m − 1), which is that of Stata and of statsmodels' cov_type="cluster".
//   cluster  [n], 0 … n_clusters − 1; n_clusters >= 2
[[nodiscard]] double cluster_standard_error(const Design& design, std::span<const double> theta,
                                            std::span<const std::uint32_t> cluster, std::size_t n_clusters,
                                            AdjustedScratch& scratch);

}  // namespace penfield::association
