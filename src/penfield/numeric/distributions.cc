#include "penfield/numeric/distributions.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace penfield::numeric {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLn10 = std::numbers::ln10;
constexpr double kHalfLnPi = 0.57236494292470008707;  // ln(π) / 2

// −ln erfc(w), w >= 0, where w2 = w² is given apart since the caller has it without a rounding of the root.
// Below 0.5 through erf, so that p near 1 keeps its digits; above 25 by the asymptotic series erfc(w) ~
// exp(−w²)/(w√π) · Σ (−1)^k (2k−1)!!/(2w²)^k (Abramowitz & Stegun 7.1.23), whose seventh term is < 4e-17.
double neg_ln_erfc(double w, double w2) {
  if (w < 0.5) return -std::log1p(-std::erf(w));
  if (w <= 25.0) return -std::log(std::erfc(w));
  const double u = 1.0 / (2.0 * w2);
  const double series =
      -u * (1.0 - 3.0 * u * (1.0 - 5.0 * u * (1.0 - 7.0 * u * (1.0 - 9.0 * u * (1.0 - 11.0 * u)))));
  return w2 + std::log(w) + kHalfLnPi - std::log1p(series);
}

// ln(Γ(a + 1/2) / Γ(a)), a > 0: the series in 1/a (Abramowitz & Stegun 6.1.47 in its logarithm), whose terms
// need a >= 16 to fall below 1e-16; smaller a are raised by Γ(a+1/2)/Γ(a) = a/(a+1/2) · Γ(a+3/2)/Γ(a+1).
double ln_gamma_half_ratio(double a) {
  double raised = 1.0;
  while (a < 16.0) {
    raised *= a / (a + 0.5);
    a += 1.0;
  }
  const double u = 1.0 / a;
  const double u2 = u * u;
  const double series =
      u * (-1.0 / 8 + u2 * (1.0 / 192 + u2 * (-1.0 / 640 + u2 * (17.0 / 14336 - u2 * (31.0 / 18432)))));
  return std::log(raised) + 0.5 * std::log(a) + series;
}

// Σ_k y^k ∏_{j<k} (a + 1/2 + j) / (3/2 + j): all terms positive (Abramowitz & Stegun 26.5.4 in its 2F1 form).
double beta_series(double a, double y) {
  double term = 1.0;
  double sum = 1.0;
  for (int k = 0; term > 1e-17 * sum; ++k) {
    term *= y * (a + 0.5 + k) / (1.5 + k);
    sum += term;
  }
  return sum;
}

// r in I_x(a, 1/2) = x^a √y / B(a, 1/2) · r, with x + y = 1; DiDonato & Morris 1992, eq. 9; modified Lentz.
double beta_fraction(double a, double x, double y) {
  const double lambda = a * y - 0.5 * x;
  double f = a * (lambda + 1.0) / (a + 1.0);
  double c = f;
  double d = 0.0;
  for (int m = 1; m <= 10000; ++m) {
    const double s = a + 2.0 * m - 1.0;
    const double mx = m * (0.5 - m) * x;
    const double alpha = (a + m - 1.0) / s * ((a + m - 0.5) / s) * mx * x;
    const double beta = m + mx / s + (a + m) / (a + 2.0 * m + 1.0) * (lambda + 1.0 + m * (1.0 + y));
    d = 1.0 / (beta + alpha * d);
    c = beta + alpha / c;
    const double delta = c * d;
    f *= delta;
    if (std::fabs(delta - 1.0) < 1e-16) break;
  }
  return 1.0 / f;
}

}  // namespace

double neglog10_p_normal(double z) {
  const double w2 = 0.5 * z * z;
  return neg_ln_erfc(std::fabs(z) / std::numbers::sqrt2, w2) / kLn10;
}

double neglog10_p_chi2_1df(double chi2) {
  if (chi2 <= 0.0) return 0.0;
  return neg_ln_erfc(std::sqrt(0.5 * chi2), 0.5 * chi2) / kLn10;
}

double neglog10_p_student_t(double t, double df) {
  if (std::isnan(t) || !(df > 0.0)) return kNaN;
  const double abs_t = std::fabs(t);
  const double a = 0.5 * df;
  const double ln_ratio = ln_gamma_half_ratio(a);
  const double t2 = abs_t * abs_t;
  if (t2 <= 3.0) {  // p = 1 − I_y(1/2, a)
    const double y = t2 / (df + t2);
    const double scale = std::exp(ln_ratio - kHalfLnPi - a * std::log1p(t2 / df));
    return -std::log1p(-2.0 * std::sqrt(y) * scale * beta_series(a, y)) / kLn10;
  }
  // Beyond 1e150, where t² nears overflow, 1 + t²/df is t²/df to the last digit.
  const bool huge = abs_t > 1e150;
  const double ln_1_plus = huge ? 2.0 * (std::log(abs_t) - 0.5 * std::log(df)) : std::log1p(t2 / df);
  const double x = huge ? 0.0 : df / (df + t2);
  const double y = huge ? 1.0 : t2 / (df + t2);
  return (a * ln_1_plus - 0.5 * std::log(y) - ln_ratio + kHalfLnPi - std::log(beta_fraction(a, x, y))) /
         kLn10;
}

}  // namespace penfield::numeric
