#include "penfield/association/scalar/adjusted_likelihood.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/scalar/compensated_sum.h"

namespace penfield::association {
namespace {

// Samples this near a plane, relative to the farthest, lie on it: products of doubles along a direction of
// divergence are right to about 1e-12.
constexpr double kOnBorder = 1e-9;

// Makes Q of the weighted rows in `columns` [p, n], and returns R.
std::vector<double> orthogonalise(std::size_t n, std::size_t p, std::vector<double>& columns) {
  std::vector<double> r(p * p, 0.0);
  for (std::size_t k = 0; k < p; ++k) {
    double* column = columns.data() + k * n;
    for (std::size_t j = 0; j < k; ++j) {
      const double* before = columns.data() + j * n;
      double dot = 0;
      for (std::size_t i = 0; i < n; ++i) dot += before[i] * column[i];
      for (std::size_t i = 0; i < n; ++i) column[i] -= dot * before[i];
      r[j * p + k] = dot;
    }
    double ss = 0;
    for (std::size_t i = 0; i < n; ++i) ss += column[i] * column[i];
    const double length = std::sqrt(ss);
    r[k * p + k] = length;
    const double inverse = length > 0 ? 1.0 / length : 0.0;
    for (std::size_t i = 0; i < n; ++i) column[i] *= inverse;
  }
  return r;
}

// Fills q and the weighted rows at theta; returns the log-likelihood.
double weigh_samples(const Design& design, std::span<const double> theta, AdjustedScratch& scratch) {
  const std::size_t n = design.n();
  CompensatedSum log_likelihood;
  for (std::size_t i = 0; i < n; ++i) {
    const double eta = sign_of_sample(design, i) * log_odds(design, theta, i);
    const double e = std::exp(-std::fabs(eta));
    const double larger = 1.0 / (1.0 + e);  // of q and 1 − q
    const double smaller = e * larger;
    scratch.q[i] = eta > 0 ? smaller : larger;
    log_likelihood.add(std::min(eta, 0.0) - std::log1p(e));
    const double root_weight = std::sqrt(smaller * larger);
    for (std::size_t j = 0; j < design.m; ++j)
      scratch.columns[j * n + i] = root_weight * design.shared[i * design.m + j];
    scratch.columns[design.m * n + i] = root_weight * design.z[i];
  }
  return log_likelihood.value();
}

// The leverage of sample i: the squared length of its row of Q.
double leverage_of(std::size_t i, std::size_t n, std::size_t p, std::span<const double> columns) {
  double leverage = 0;
  for (std::size_t k = 0; k < p; ++k) leverage += columns[k * n + i] * columns[k * n + i];
  return leverage;
}

// Σ residual·(shared, z); Firth's residual is q + h(q − ½).
std::vector<double> sum_gradient(const Design& design, Penalty penalty, AdjustedScratch& scratch) {
  const std::size_t p = design.n_coefficients();
  std::vector<CompensatedSum> gradient(p);
  for (std::size_t i = 0; i < design.n(); ++i) {
    double residual = scratch.q[i];
    if (penalty == Penalty::kFirth) {
      scratch.leverage[i] = leverage_of(i, design.n(), p, scratch.columns);
      residual += scratch.leverage[i] * (scratch.q[i] - 0.5);
    }
    residual *= sign_of_sample(design, i);
    for (std::size_t j = 0; j < design.m; ++j) gradient[j].add(residual * design.shared[i * design.m + j]);
    gradient[design.m].add(residual * design.z[i]);
  }
  std::vector<double> out;
  out.reserve(gradient.size());
  for (const CompensatedSum& sum : gradient) out.push_back(sum.value());
  return out;
}

}  // namespace

double log_odds(const Design& design, std::span<const double> theta, std::size_t i) {
  double eta = theta[design.m] * design.z[i];
  const double* row = design.shared.data() + i * design.m;
  for (std::size_t j = 0; j < design.m; ++j) eta += theta[j] * row[j];
  return eta;
}

double reach(const Design& design, std::span<const double> theta) {
  double out = 0;
  for (std::size_t i = 0; i < design.n(); ++i) out = std::max(out, std::fabs(log_odds(design, theta, i)));
  return out;
}

bool separates(const Design& design, std::span<const double> direction) {
  double worst = 0;
  double farthest = 0;
  for (std::size_t i = 0; i < design.n(); ++i) {
    const double side = sign_of_sample(design, i) * log_odds(design, direction, i);
    worst = std::min(worst, side);
    farthest = std::max(farthest, std::fabs(side));
  }
  return farthest > 0 && worst >= -kOnBorder * farthest;
}

std::vector<bool> samples_off_border(const Design& design, std::span<const double> direction) {
  const double border = kOnBorder * reach(design, direction);
  std::vector<bool> out(design.n());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::fabs(log_odds(design, direction, i)) > border;
  return out;
}

bool Evaluation::is_sound(std::size_t n_free) const {
  const std::size_t p = gradient.size();
  bool sound = true;
  for (std::size_t k = 0; k < n_free; ++k) sound = sound && r[k * p + k] > 0;
  return sound;
}

Evaluation evaluate(const Design& design, std::span<const double> theta, Penalty penalty,
                    AdjustedScratch& scratch) {
  const std::size_t n = design.n();
  const std::size_t p = design.n_coefficients();
  scratch.q.resize(n);
  scratch.columns.resize(p * n);
  scratch.leverage.resize(n);
  Evaluation at;
  at.objective = weigh_samples(design, theta, scratch);
  at.r = orthogonalise(n, p, scratch.columns);
  if (penalty == Penalty::kFirth) {
    for (std::size_t k = 0; k < p; ++k) at.objective += std::log(at.r[k * p + k]);
  }
  at.gradient = sum_gradient(design, penalty, scratch);
  at.wrong = scratch.q;
  return at;
}

// Of the rows √(w(1 + h))·x, which are √(1 + h) of the rows of Q times R: the product of two triangles.
std::vector<double> firth_slope(const Evaluation& at, AdjustedScratch& scratch) {
  const std::size_t n = at.wrong.size();
  const std::size_t p = at.gradient.size();
  for (std::size_t i = 0; i < n; ++i) {
    const double factor = std::sqrt(1.0 + scratch.leverage[i]);
    for (std::size_t k = 0; k < p; ++k) scratch.columns[k * n + i] *= factor;
  }
  const std::vector<double> steeper = orthogonalise(n, p, scratch.columns);
  std::vector<double> product(p * p, 0.0);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t k = i; k < p; ++k) {
      for (std::size_t j = i; j <= k; ++j) product[i * p + k] += steeper[i * p + j] * at.r[j * p + k];
    }
  }
  return product;
}

std::vector<double> solve(std::span<const double> r, std::span<const double> right, std::size_t n_free) {
  const std::size_t p = right.size();
  std::vector<double> out(p, 0.0);
  for (std::size_t k = 0; k < n_free; ++k) {
    double value = right[k];
    for (std::size_t j = 0; j < k; ++j) value -= r[j * p + k] * out[j];
    out[k] = value / r[k * p + k];
  }
  for (std::size_t k = n_free; k-- > 0;) {
    double value = out[k];
    for (std::size_t j = k + 1; j < n_free; ++j) value -= r[k * p + j] * out[j];
    out[k] = value / r[k * p + k];
  }
  return out;
}

}  // namespace penfield::association
