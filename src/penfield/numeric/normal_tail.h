// The upper tail of the normal distribution: quantiles and means beyond its p-value.
#pragma once

namespace penfield::numeric {

// The |z| whose two-sided p is 10^−neglog10_p: the inverse of neglog10_p_normal, by Newton's method in the
// log domain, so that even p = 1e-100000 has its z. A value below 0 counts as 0; NaN gives NaN, infinity
// infinity. Measured error: 2.2e-16 relative, z from 1e-6 to 1e8.
[[nodiscard]] double normal_z_of_neglog10_p(double neglog10_p);

// φ(t)/Φ(−t), the inverse of Mills' ratio: the mean of a standard normal variable beyond t. By erfc up to t =
// 4, beyond by Laplace's continued fraction t + 1/(t + 2/(t + 3/…)) (Abramowitz & Stegun 26.2.14). Measured
// error: 5.6e-16 relative for t from −3 up; below, that of exp(−t²/2).
[[nodiscard]] double inverse_mills(double t);

}  // namespace penfield::numeric
