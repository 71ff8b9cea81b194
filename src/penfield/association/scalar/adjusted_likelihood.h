// The logistic likelihood of one unit with columns that all units share (the intercept and the covariates),
// and its derivatives, in scalar double arithmetic.
//
// Why QR: the information matrix is never formed. Rows √w·(shared, z) are orthogonalised (modified
// Gram-Schmidt), so that R'R is the information. R loses half as many digits as a Cholesky factor, its last
// diagonal entry is √(the information about the unit given the rest), and the leverages of Firth's score are
// the rows of Q (Björck 1967, BIT 7:1; Green 1984, J. R. Stat. Soc. B 46:149).
#pragma once

#include <cstddef>
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

// α + Σ θ_j·shared_j + θ_m·z of sample i.
[[nodiscard]] double log_odds(const Design& design, std::span<const double> theta, std::size_t i);

// +1 for a target, −1 for a comparison.
[[nodiscard]] inline double sign_of_sample(const Design& design, std::size_t i) {
  return i < design.n_target ? 1.0 : -1.0;
}

// The largest |log-odds| of any sample.
[[nodiscard]] double reach(const Design& design, std::span<const double> theta);

// True if no sample lies on the wrong side of the plane that `direction` is normal to; samples within 1e-9 of
// the farthest one's distance count as on the plane.
[[nodiscard]] bool separates(const Design& design, std::span<const double> direction);

// [n]: true for the samples that the `direction` of quasi-separation separates; the others lie on its plane.
[[nodiscard]] std::vector<bool> samples_off_border(const Design& design, std::span<const double> direction);

// Buffers of one thread.
struct AdjustedScratch {
  std::vector<double> q, leverage, columns;  // [n], [n], [n_coefficients, n]
};

// With p coefficients. R is upper triangular, row-major.
struct Evaluation {
  double objective = 0;          // log-likelihood, with ½ log|I| where penalised
  std::vector<double> gradient;  // [p]
  std::vector<double> r;         // [p, p]: R'R is the information
  std::span<const double>
      wrong;  // [n] probability given to the wrong answer; in the scratch, until the next call

  // True if each of the first n_free coefficients has information of its own.
  [[nodiscard]] bool is_sound(std::size_t n_free) const;
  // Information about the unit's coefficient given the others.
  [[nodiscard]] double spread() const { return r.back() * r.back(); }
};

[[nodiscard]] Evaluation evaluate(const Design& design, std::span<const double> theta, Penalty penalty,
                                  AdjustedScratch& scratch);

// R [p, p] of the slope of Firth's score, R'R. Its residual is q + h(q − ½), h the leverage, so that it falls
// with the weight w(1 + h); steps by the information alone would overshoot twofold at a sample of leverage 1
// and not converge. Call it after the penalised evaluation `at`, whose scratch it overwrites.
[[nodiscard]] std::vector<double> firth_slope(const Evaluation& at, AdjustedScratch& scratch);

// Solves R'R·x = right for the first n_free coefficients; the others are zero. r [p, p], right [p].
[[nodiscard]] std::vector<double> solve(std::span<const double> r, std::span<const double> right,
                                        std::size_t n_free);

}  // namespace penfield::association
