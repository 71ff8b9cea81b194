#include "penfield/association/scalar/logistic.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/scalar/compensated_sum.h"
#include "penfield/association/scalar/newton_limits.h"

namespace penfield::association {
namespace {

constexpr double kGradientTolerance = 1e-10;

// The likelihood and its derivatives at (a, b). Second derivatives are kept about the weighted mean of z,
// where they do not cancel: |I| = weight·spread.
struct Likelihood {
  double log_likelihood = 0;
  double grad_a = 0, grad_b = 0;  // grad_b about z_mean
  double weight = 0;              // Σw
  double z_mean = 0;              // Σwz / Σw
  double spread = 0;              // Σw(z − z_mean)²
  // The same of w(1 + h), h the leverage: how Firth's score falls, whose residual is q + h(q − ½). The
  // information alone would overshoot twofold at a sample of leverage 1 and never come to rest.
  double slope_weight = 0, slope_z_mean = 0, slope_spread = 0;

  [[nodiscard]] double log_root_information() const { return 0.5 * (std::log(weight) + std::log(spread)); }
};

void steepen(std::span<const double> z, Likelihood& at, const LogisticScratch& scratch) {
  const auto weight_of = [&](std::size_t i) {
    const double from_mean = z[i] - at.z_mean;
    return scratch.w[i] * (1.0 + scratch.w[i] * (1.0 / at.weight + from_mean * from_mean / at.spread));
  };
  double weight = 0, weighted_z = 0, spread = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    weight += weight_of(i);
    weighted_z += weight_of(i) * z[i];
  }
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double from_mean = z[i] - weighted_z / weight;
    spread += weight_of(i) * from_mean * from_mean;
  }
  at.slope_weight = weight;
  at.slope_z_mean = weighted_z / weight;
  at.slope_spread = spread;
}

Likelihood evaluate(std::span<const double> z, std::size_t n_target, double a, double b, Penalty penalty,
                    LogisticScratch& scratch) {
  Likelihood at;
  CompensatedSum log_likelihood;
  double weighted_z = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double s = i < n_target ? 1.0 : -1.0;
    const double eta = s * (a + b * z[i]);
    const double e = std::exp(-std::fabs(eta));
    const double larger = 1.0 / (1.0 + e);  // of q and 1 − q
    const double smaller = e * larger;
    scratch.q[i] = eta > 0 ? smaller : larger;
    scratch.w[i] = smaller * larger;
    log_likelihood.add(std::min(eta, 0.0) - std::log1p(e));
    at.weight += scratch.w[i];
    weighted_z += scratch.w[i] * z[i];
  }
  at.log_likelihood = log_likelihood.value();
  at.z_mean = weighted_z / at.weight;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double from_mean = z[i] - at.z_mean;
    at.spread += scratch.w[i] * from_mean * from_mean;
  }
  at.slope_weight = at.weight;
  at.slope_z_mean = at.z_mean;
  at.slope_spread = at.spread;
  if (penalty == Penalty::kFirth) steepen(z, at, scratch);
  CompensatedSum grad_a;
  CompensatedSum grad_b;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double from_mean = z[i] - at.z_mean;
    double residual = scratch.q[i];
    if (penalty == Penalty::kFirth) {
      const double leverage = scratch.w[i] * (1.0 / at.weight + from_mean * from_mean / at.spread);
      residual += leverage * (scratch.q[i] - 0.5);
    }
    if (i >= n_target) residual = -residual;
    grad_a.add(residual);
    grad_b.add(residual * from_mean);
  }
  at.grad_a = grad_a.value();
  at.grad_b = grad_b.value();
  return at;
}

double objective(const Likelihood& at, Penalty penalty) {
  return penalty == Penalty::kFirth ? at.log_likelihood + at.log_root_information() : at.log_likelihood;
}

// Climbs from the null: Newton's step, by the slope of the score; under the penalty no sample's log-odds
// change by more than kMaxStep at once; halved while the objective falls.
LogisticFit climb(std::span<const double> z, std::size_t n_target, Penalty penalty,
                  LogisticScratch& scratch) {
  scratch.q.resize(z.size());
  scratch.w.resize(z.size());
  const auto n = static_cast<double>(z.size());
  const auto n1 = static_cast<double>(n_target);
  const int max_iterations = penalty == Penalty::kFirth ? kMaxFirthIterations : kMaxIterations;
  const double step_tolerance = penalty == Penalty::kFirth ? kFirthStepTolerance : kStepTolerance;
  const auto [least, most] = std::minmax_element(z.begin(), z.end());
  LogisticFit fit;
  fit.a = std::log(n1 / (n - n1));
  Likelihood at = evaluate(z, n_target, fit.a, fit.b, penalty, scratch);
  for (int iteration = 0; iteration < max_iterations && at.spread > 0 && at.weight > 0; ++iteration) {
    const double grad_b0 = at.grad_b + at.z_mean * at.grad_a;  // about z = 0
    const bool flat = std::hypot(at.grad_a, grad_b0) / n < kGradientTolerance;
    double step_b = (at.grad_b + (at.z_mean - at.slope_z_mean) * at.grad_a) / at.slope_spread;
    double step_a = at.grad_a / at.slope_weight - at.slope_z_mean * step_b;
    const double change = std::max(std::fabs(step_a + step_b * *least), std::fabs(step_a + step_b * *most));
    if (penalty == Penalty::kFirth && change > kMaxStep) {
      step_a *= kMaxStep / change;
      step_b *= kMaxStep / change;
    }
    // The parts of the objective may cancel, and log-odds are rounded at their own size.
    const double farthest = std::max(std::fabs(fit.a + fit.b * *least), std::fabs(fit.a + fit.b * *most));
    const double floor = objective(at, penalty) - 1e-13 * (1.0 + std::fabs(objective(at, penalty))) -
                         std::min(4e-16 * farthest, 1e-8);
    const bool last = flat && std::fabs(step_b) <= step_tolerance * (std::fabs(fit.b) + 1e-3);
    Likelihood next = evaluate(z, n_target, fit.a + step_a, fit.b + step_b, penalty, scratch);
    for (int halving = 0; halving < 60 && !(objective(next, penalty) >= floor); ++halving) {
      step_a *= 0.5;
      step_b *= 0.5;
      next = evaluate(z, n_target, fit.a + step_a, fit.b + step_b, penalty, scratch);
    }
    if (!(objective(next, penalty) >= floor)) break;
    fit.a += step_a;
    fit.b += step_b;
    at = next;
    if (last) {
      fit.converged = true;
      break;
    }
  }
  fit.se_b = 1.0 / std::sqrt(at.spread);
  return fit;
}

// Σ −log(r·exp(v) + 1 − r) over one group, v = −s·(η − η0), r the null's probability of the wrong answer.
void add_log_ratios(std::span<const double> z, double wrong, double shift, double slope,
                    CompensatedSum& sum) {
  for (const double value : z) {
    const double v = shift + slope * value;
    sum.add(v > 40.0 ? -(v + std::log(wrong)) : -std::log1p(wrong * std::expm1(v)));
  }
}

}  // namespace

LogisticFit fit_maximum_likelihood(std::span<const double> z, std::size_t n_target,
                                   LogisticScratch& scratch) {
  LogisticFit fit = climb(z, n_target, Penalty::kNone, scratch);
  fit.chi2 = likelihood_ratio_chi2(z, n_target, fit.a, fit.b);
  return fit;
}

LogisticFit fit_firth(std::span<const double> z, std::size_t n_target, LogisticScratch& scratch) {
  LogisticFit fit = climb(z, n_target, Penalty::kFirth, scratch);
  const Likelihood at = evaluate(z, n_target, fit.a, fit.b, Penalty::kFirth, scratch);
  // At b = 0 the weights are all p(1−p), so ℓ* = (n1+1) log p + (n0+1) log(1−p) + ½ log(n·Σ(z−z̄)²): p =
  // (n1+1)/(n+2).
  const auto n = static_cast<double>(z.size());
  const auto n1 = static_cast<double>(n_target);
  double mean = 0;
  for (const double value : z) mean += value / n;
  double ss = 0;
  for (const double value : z) ss += (value - mean) * (value - mean);
  const double p = (n1 + 1.0) / (n + 2.0);
  const double null = (n1 + 1.0) * std::log(p) + (n - n1 + 1.0) * std::log1p(-p) + 0.5 * std::log(n * ss);
  fit.chi2 = std::max(0.0, 2.0 * (objective(at, Penalty::kFirth) - null));
  return fit;
}

double likelihood_ratio_chi2(std::span<const double> z, std::size_t n_target, double a, double b) {
  const auto n = static_cast<double>(z.size());
  const auto n1 = static_cast<double>(n_target);
  const double shift = a - std::log(n1 / (n - n1));
  CompensatedSum sum;
  add_log_ratios(z.first(n_target), (n - n1) / n, -shift, -b, sum);
  add_log_ratios(z.subspan(n_target), n1 / n, shift, b, sum);
  return std::max(0.0, 2.0 * sum.value());
}

}  // namespace penfield::association
