// Quantiles that several rooms use. Source: Φ⁻¹ and the χ² median to 16 digits (mpmath, 50 digits).
#pragma once

namespace penfield::numeric {

// Φ⁻¹(0.975): half the width of a two-sided 95% normal interval, in standard errors.
inline constexpr double kNormal975 = 1.959963984540054;

// Median of χ² with one degree of freedom; a genomic inflation factor λ is a median over it.
inline constexpr double kMedianChi2 = 0.454936423119572;

}  // namespace penfield::numeric
