// The two-parameter logistic likelihood of one standardised column, in scalar double arithmetic: Newton's
// method, the likelihood-ratio statistic, and Firth's penalised estimate. The SIMD engine is tested against
// it and falls back to it for columns on which it does not converge.
//
// The first `n_target` values of z are the target group (y = 1). With s = +1 for a target and −1 for a
// comparison, everything is expressed in q = σ(−s·(a + b·z)), the probability given to the wrong label: the
// residual y − p is s·q, the weight q(1−q), the log-likelihood Σ log(1−q). Near separation q is tiny, and
// computing 1 − p would lose it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace penfield::association {

struct LogisticFit {
  double a = 0, b = 0;  // on the standardised scale
  double se_b = 0;      // 1/√S; meaningless for Firth's estimate under separation
  double chi2 = 0;      // likelihood ratio against b = 0, penalised for Firth's
  bool converged = false;
};

struct LogisticScratch {
  std::vector<double> q, w;  // [n_samples]
};

// Maximum likelihood; the groups must overlap. Newton from the null with step-halving; converged when the
// gradient norm per sample is below 1e-10 and the last step changed b by less than 1e-10 of itself.
[[nodiscard]] LogisticFit fit_maximum_likelihood(std::span<const double> z, std::size_t n_target,
                                                 LogisticScratch& scratch);

// Firth's penalised likelihood ℓ + ½ log|I| (Firth 1993, Biometrika 80:27; Heinze & Schemper 2002, Stat. Med.
// 21:2409), finite under separation. chi2 = 2(ℓ*(a, b) − max_a ℓ*(a, 0)), both penalised with the information
// of both parameters.
[[nodiscard]] LogisticFit fit_firth(std::span<const double> z, std::size_t n_target,
                                    LogisticScratch& scratch);

// 2(ℓ(a, b) − ℓ(logit(n1/n), 0)), summed as differences of small terms so that a small statistic keeps its
// digits.
[[nodiscard]] double likelihood_ratio_chi2(std::span<const double> z, std::size_t n_target, double a,
                                           double b);

}  // namespace penfield::association
