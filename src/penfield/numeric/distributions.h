// Two-sided p-values as −log10 p, finite where p itself underflows.
//
// A strongly tuned unit has a p far below the smallest double, and a ranking must distinguish such units, so
// the survival functions are evaluated in the log domain throughout. p near 1 is as accurate as p near 0:
// each function states the relative error of −log10 p against 50-digit arithmetic, measured by
// distributions_golden_test.cc.
#pragma once

namespace penfield::numeric {

// −log10 of P(|Z| >= |z|), Z standard normal. Finite for |z| <= 1e154. NaN gives NaN, infinity infinity.
// Measured error: 3.6e-16 relative, −log10 p from 1e-9 to 1e9.
[[nodiscard]] double neglog10_p_normal(double z);

// −log10 of P(X >= chi2), X chi-square with one degree of freedom. A chi2 below zero (from rounding) counts
// as zero. Measured error: 2.1e-16 relative.
[[nodiscard]] double neglog10_p_chi2_1df(double chi2);

// −log10 of P(|T| >= |t|), T Student's t with `df` > 0 degrees of freedom, not necessarily an integer.
// Series for t² <= 3, continued fraction beyond: DiDonato & Morris 1992, ACM TOMS 18:360, eq. 9, at b = 1/2.
// df <= 0 or NaN gives NaN. Measured error: 5.0e-15 relative, df from 1 to 1e7, |t| from 1e-9 to 1e200.
[[nodiscard]] double neglog10_p_student_t(double t, double df);

}  // namespace penfield::numeric
