#include "penfield/numeric/normal_tail.h"

#include <cmath>
#include <numbers>

#include "penfield/numeric/distributions.h"

namespace penfield::numeric {
namespace {

constexpr double kInvSqrt2Pi = std::numbers::inv_sqrtpi / std::numbers::sqrt2;

}  // namespace

double normal_z_of_neglog10_p(double neglog10_p) {
  if (!(neglog10_p > 0)) return std::isnan(neglog10_p) ? neglog10_p : 0.0;
  if (std::isinf(neglog10_p)) return neglog10_p;
  // erfc(w) <= exp(−w²), so the start is at or above the root, and −ln erfc is convex: every step but a last
  // one of rounding goes down.
  double z = std::sqrt(2.0 * neglog10_p * std::numbers::ln10);
  for (;;) {
    const double excess = (neglog10_p_normal(z) - neglog10_p) * std::numbers::ln10;
    const double next = z - excess / inverse_mills(z);
    if (!(next < z)) return z;
    z = next;
  }
}

double inverse_mills(double t) {
  if (t <= 4.0) {
    const double upper_tail = 0.5 * std::erfc(t / std::numbers::sqrt2);
    return kInvSqrt2Pi * std::exp(-0.5 * t * t) / upper_tail;
  }
  const int n_terms = 10 + static_cast<int>(400.0 / (t * t));  // settles the last bit: 30 terms at 4, 7 at 20
  double fraction = t;
  for (int k = n_terms; k > 0; --k) fraction = t + k / fraction;
  return fraction;
}

}  // namespace penfield::numeric
