#include "penfield/findings/winners_curse.h"

#include <cmath>

#include "penfield/base/check.h"
#include "penfield/numeric/normal_tail.h"

namespace penfield::findings {
namespace {

// E[Z given |Z| > cut] − μ = (φ(cut − μ) − φ(cut + μ))/(Φ(μ − cut) + Φ(−μ − cut)). Both tails are written by
// the larger one, φ(cut + μ)/φ(cut − μ) = exp(−2·μ·cut), so that nothing underflows.
double pull(double mu, double cut) {
  const double near = numeric::inverse_mills(cut - mu);
  const double far = numeric::inverse_mills(cut + mu);
  const double ratio = -2.0 * mu * cut;
  return -near * std::expm1(ratio) / (1.0 + std::exp(ratio) * near / far);
}

}  // namespace

double mean_given_passed(double z, double cut) {
  PENFIELD_CHECK(cut >= 0 && cut <= z);
  // The root of g(μ) = z − μ − pull(μ), which falls from g(0) = z to g(z) <= 0, by regula falsi; an end that
  // has stayed twice counts half, so that it moves too (the Illinois rule, Dowell & Jarratt 1971, BIT
  // 11:168).
  struct End {
    double mu, g;
  };
  End left{0, z};
  End right{z, -pull(z, cut)};
  int stayed = 0;  // > 0: the right end has, < 0: the left one
  while (left.g > 0 && right.g < 0 && right.mu - left.mu > 1e-15 * right.mu) {
    const double mu = right.mu - right.g * (right.mu - left.mu) / (right.g - left.g);
    if (!(mu > left.mu && mu < right.mu)) return right.g > -left.g ? right.mu : left.mu;
    const End middle{mu, (z - mu) - pull(mu, cut)};
    if (middle.g < 0) {
      right = middle;
      if (stayed < 0) left.g /= 2;
      stayed = -1;
    } else {
      left = middle;
      if (stayed > 0) right.g /= 2;
      stayed = 1;
    }
  }
  return right.g >= 0 ? right.mu : left.mu;
}

}  // namespace penfield::findings
