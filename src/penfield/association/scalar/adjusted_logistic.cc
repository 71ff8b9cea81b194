#include "penfield/association/scalar/adjusted_logistic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "penfield/association/scalar/compensated_sum.h"

namespace penfield::association {
namespace {

constexpr double kLeastFactor = 0x1p-20;  // of a step that gains nothing
constexpr double kSpent = 1e-10;
constexpr int kSearchSeparationAfter = 25;
constexpr double kOnBorder = 1e-9;     // of the farthest sample, in the direction of divergence
constexpr double kFarLeverage = 0.25;  // of one sample among all
constexpr double kNoSpread = 1e-20;    // of all others, beside its square
constexpr double kSameMaximum = 1e-4;  // of the larger coefficient
constexpr double kSameHeight = 1e-9;   // of two maxima
constexpr double kChi2At95 = 3.8414588206941245;

double log_odds(const Design& design, std::span<const double> theta, std::size_t i) {
  double eta = theta[design.m] * design.z[i];
  const double* row = design.shared.data() + i * design.m;
  for (std::size_t j = 0; j < design.m; ++j) eta += theta[j] * row[j];
  return eta;
}

double sign_of_sample(const Design& design, std::size_t i) {
  return i < design.n_target ? 1.0 : -1.0;
}

struct Evaluation {
  double objective = 0;
  bool is_sound = false;  // no diagonal of R vanished
};

// R and Q of the weighted rows in scratch.columns.
bool orthogonalise(std::size_t n, std::size_t p, AdjustedScratch& scratch) {
  bool sound = true;
  for (std::size_t k = 0; k < p; ++k) {
    double* column = scratch.columns.data() + k * n;
    for (std::size_t j = 0; j < k; ++j) {
      const double* before = scratch.columns.data() + j * n;
      double dot = 0;
      for (std::size_t i = 0; i < n; ++i) dot += before[i] * column[i];
      for (std::size_t i = 0; i < n; ++i) column[i] -= dot * before[i];
      scratch.r[j * p + k] = dot;
    }
    double ss = 0;
    for (std::size_t i = 0; i < n; ++i) ss += column[i] * column[i];
    const double length = std::sqrt(ss);
    scratch.r[k * p + k] = length;
    sound = sound && length > 0;
    const double inverse = length > 0 ? 1.0 / length : 0.0;
    for (std::size_t i = 0; i < n; ++i) column[i] *= inverse;
  }
  return sound;
}

// Fills q (the probability given to the wrong answer), R, Q and the gradient at theta.
Evaluation evaluate(const Design& design, std::span<const double> theta, Penalty penalty,
                    AdjustedScratch& scratch) {
  const std::size_t n = design.n();
  const std::size_t p = design.n_coefficients();
  scratch.q.resize(n);
  scratch.columns.resize(p * n);
  scratch.r.assign(p * p, 0.0);
  scratch.gradient.resize(p);
  scratch.leverage.resize(n);
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
  Evaluation at{log_likelihood.value(), orthogonalise(n, p, scratch)};
  if (penalty == Penalty::kFirth) {
    for (std::size_t k = 0; k < p; ++k) at.objective += std::log(scratch.r[k * p + k]);
  }
  std::vector<CompensatedSum> gradient(p);
  for (std::size_t i = 0; i < n; ++i) {
    double residual = scratch.q[i];
    if (penalty == Penalty::kFirth) {
      double leverage = 0;
      for (std::size_t k = 0; k < p; ++k) leverage += scratch.columns[k * n + i] * scratch.columns[k * n + i];
      residual += leverage * (scratch.q[i] - 0.5);
      scratch.leverage[i] = leverage;
    }
    residual *= sign_of_sample(design, i);
    for (std::size_t j = 0; j < design.m; ++j) gradient[j].add(residual * design.shared[i * design.m + j]);
    gradient[design.m].add(residual * design.z[i]);
  }
  for (std::size_t k = 0; k < p; ++k) scratch.gradient[k] = gradient[k].value();
  return at;
}

// The slope of Firth's score: as the residual is q + h(q − ½), it falls with the weight w(1 + h), where the
// information alone would overshoot twofold at a sample of leverage 1 and never come to rest. R of the rows
// √(w(1 + h))·x, from those of Q: they are √(1 + h) of its rows times R.
void steepen(std::size_t n, std::size_t p, AdjustedScratch& scratch) {
  for (std::size_t i = 0; i < n; ++i) {
    const double factor = std::sqrt(1.0 + scratch.leverage[i]);
    for (std::size_t k = 0; k < p; ++k) scratch.columns[k * n + i] *= factor;
  }
  const std::vector<double> r = scratch.r;
  scratch.r.assign(p * p, 0.0);
  orthogonalise(n, p, scratch);
  std::vector<double> product(p * p, 0.0);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t k = i; k < p; ++k) {
      for (std::size_t j = i; j <= k; ++j) product[i * p + k] += scratch.r[i * p + j] * r[j * p + k];
    }
  }
  scratch.slope = product;
  scratch.r = r;
}

// Solves R'R·out = right for the first p_free coefficients; the others are zero.
void solve(std::size_t p, std::size_t p_free, std::span<const double> r, std::span<const double> right,
           std::vector<double>& out) {
  out.assign(p, 0.0);
  for (std::size_t k = 0; k < p_free; ++k) {
    double value = right[k];
    for (std::size_t j = 0; j < k; ++j) value -= r[j * p + k] * out[j];
    out[k] = value / r[k * p + k];
  }
  for (std::size_t k = p_free; k-- > 0;) {
    double value = out[k];
    for (std::size_t j = k + 1; j < p_free; ++j) value -= r[k * p + j] * out[j];
    out[k] = value / r[k * p + k];
  }
}

// Does no sample lie on the wrong side of the plane that `direction` is normal to?
bool parts_groups(const Design& design, std::span<const double> direction) {
  double worst = 0;
  double farthest = 0;
  for (std::size_t i = 0; i < design.n(); ++i) {
    const double side = sign_of_sample(design, i) * log_odds(design, direction, i);
    worst = std::min(worst, side);
    farthest = std::max(farthest, std::fabs(side));
  }
  return farthest > 0 && worst >= -kOnBorder * farthest;
}

double reach(const Design& design, std::span<const double> theta) {
  double out = 0;
  for (std::size_t i = 0; i < design.n(); ++i) out = std::max(out, std::fabs(log_odds(design, theta, i)));
  return out;
}

std::vector<double> moved(std::span<const double> theta, std::span<const double> step, double factor) {
  std::vector<double> out(theta.begin(), theta.end());
  for (std::size_t k = 0; k < out.size(); ++k) out[k] += factor * step[k];
  return out;
}

// What the objective may be off by: its parts may cancel, and log-odds are rounded at their own size.
double rounding_of(double objective, double farthest) {
  return 1e-13 * (1.0 + std::fabs(objective)) + std::min(4e-16 * farthest, 1e-8);
}

AdjustedFit climb(const Design& design, std::vector<double> start, Slope slope, Penalty penalty,
                  double max_step, AdjustedScratch& scratch) {
  const std::size_t p = design.n_coefficients();
  const std::size_t p_free = slope == Slope::kFree ? p : design.m;
  const bool plain = penalty == Penalty::kNone;
  AdjustedFit fit;
  fit.theta = std::move(start);
  Evaluation at = evaluate(design, fit.theta, penalty, scratch);
  const int max_iterations = plain ? kMaxIterations : kMaxFirthIterations;
  const double tolerance = plain ? kStepTolerance : kFirthStepTolerance;
  for (int iteration = 0; iteration < max_iterations; ++iteration) {
    bool sound = true;
    for (std::size_t k = 0; k < p_free; ++k) sound = sound && scratch.r[k * p + k] > 0;
    if (!sound) break;
    if (!plain) steepen(design.n(), p, scratch);
    solve(p, p_free, plain ? scratch.r : scratch.slope, scratch.gradient, scratch.step);
    std::vector<double> step = scratch.step;
    const double change = reach(design, step);
    if (change > max_step) {
      for (double& part : step) part *= max_step / change;
    }
    if (plain && iteration >= kSearchSeparationAfter && parts_groups(design, step)) {
      fit.outcome = Outcome::kQuasiSeparated;
      fit.direction = step;
      break;
    }
    const double farthest = reach(design, fit.theta);
    const bool last = std::min(change, max_step) <= tolerance * (farthest + 1e-3);
    const double floor = at.objective - rounding_of(at.objective, farthest);
    double factor = 1.0;
    std::vector<double> next = moved(fit.theta, step, factor);
    Evaluation there = evaluate(design, next, penalty, scratch);
    for (int halving = 0; halving < 60 && !(there.objective >= floor); ++halving) {
      factor *= 0.5;
      next = moved(fit.theta, step, factor);
      there = evaluate(design, next, penalty, scratch);
    }
    const bool is_stuck = factor < kLeastFactor && !(there.objective > at.objective);  // where all is flat
    if (!(there.objective >= floor) || is_stuck) break;
    fit.theta = std::move(next);
    at = there;
    if (plain && at.objective > -std::numbers::ln2) {
      fit.outcome = Outcome::kSeparated;
      break;
    }
    if (last) {
      fit.outcome = Outcome::kConverged;
      break;
    }
  }
  if (plain && fit.outcome == Outcome::kNotConverged && parts_groups(design, fit.theta)) {
    fit.outcome = Outcome::kQuasiSeparated;
    fit.direction = fit.theta;
  }
  fit.objective = at.objective;
  const double diagonal = scratch.r[p * p - 1];
  fit.spread = diagonal * diagonal;
  return fit;
}

// Is so little information about the unit's coefficient left that rounding may have made a step look small?
bool is_spent(const Design& design, const AdjustedFit& fit) {
  double square = 0;
  for (const double value : design.z) square += value * value;
  return fit.spread <= kSpent * 0.25 * square;
}

}  // namespace

AdjustedFit maximise(const Design& design, const std::vector<double>& start, Slope slope, Penalty penalty,
                     AdjustedScratch& scratch) {
  constexpr double kAnyStep = std::numeric_limits<double>::infinity();
  AdjustedFit fit = climb(design, start, slope, penalty, kAnyStep, scratch);
  const bool is_sound = fit.outcome == Outcome::kConverged ? slope == Slope::kHeld || !is_spent(design, fit)
                                                           : fit.outcome != Outcome::kNotConverged;
  if (is_sound) return fit;
  AdjustedFit again = climb(design, start, slope, penalty, kMaxStep, scratch);
  return again.outcome == Outcome::kNotConverged ? fit : again;
}

std::vector<bool> samples_off_border(const Design& design, std::span<const double> direction) {
  const double border = kOnBorder * reach(design, direction);
  std::vector<bool> out(design.n());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::fabs(log_odds(design, direction, i)) > border;
  return out;
}

double adjusted_chi2(const Design& design, std::span<const double> theta, std::span<const double> null_theta,
                     std::span<const double> null_wrong) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < design.n(); ++i) {
    const double v =
        -sign_of_sample(design, i) * (log_odds(design, theta, i) - log_odds(design, null_theta, i));
    const double wrong = null_wrong[i];
    const double far = v + std::log(wrong);
    sum.add(v > 40.0 ? -(far > 40.0 ? far : std::log1p(std::exp(far))) : -std::log1p(wrong * std::expm1(v)));
  }
  return std::max(0.0, 2.0 * sum.value());
}

bool has_far_sample(std::span<const double> z) {
  double ss = 0;
  double far = 0;
  double sum = 0;
  for (const double value : z) {
    ss += value * value;
    sum += value;
    if (value * value > far * far) far = value;
  }
  if (!(far * far > kFarLeverage * ss)) return false;
  // Where all others are the same there is nothing for a second maximum to be fitted to.
  const double mean = (sum - far) / static_cast<double>(z.size() - 1);
  double rest = 0;
  for (const double value : z) rest += value == far ? 0 : (value - mean) * (value - mean);
  return rest > kNoSpread * far * far;
}

namespace {

// Firth's estimate from where the others would go without the farthest sample.
AdjustedFit firth_without_farthest(const Design& design, const std::vector<double>& start,
                                   AdjustedScratch& scratch) {
  std::vector<double> rest(design.z.begin(), design.z.end());
  const auto far =
      std::max_element(rest.begin(), rest.end(), [](double a, double b) { return a * a < b * b; });
  double sum = 0;
  for (const double value : rest) sum += value;
  *far = (sum - *far) / static_cast<double>(rest.size() - 1);
  Design without = design;
  without.z = rest;
  AdjustedFit other = maximise(without, start, Slope::kFree, Penalty::kFirth, scratch);
  if (other.outcome != Outcome::kConverged) return other;
  return maximise(design, other.theta, Slope::kFree, Penalty::kFirth, scratch);
}

}  // namespace

FirthFit fit_adjusted_firth(const Design& design, const std::vector<double>& start,
                            AdjustedScratch& scratch) {
  FirthFit out;
  out.fit = maximise(design, start, Slope::kFree, Penalty::kFirth, scratch);
  if (has_far_sample(design.z)) {
    AdjustedFit second = firth_without_farthest(design, start, scratch);
    const double apart = std::fabs(second.theta[design.m] - out.fit.theta[design.m]);
    const double larger = std::max(std::fabs(second.theta[design.m]), std::fabs(out.fit.theta[design.m]));
    out.is_bimodal = second.outcome == Outcome::kConverged && out.fit.outcome == Outcome::kConverged &&
                     apart > kSameMaximum * larger;
    if (out.is_bimodal && second.objective > out.fit.objective) out.fit = std::move(second);
  }
  std::vector<double> held = start;
  held[design.m] = 0;
  const AdjustedFit null = maximise(design, held, Slope::kHeld, Penalty::kFirth, scratch);
  out.chi2 = std::max(0.0, 2.0 * (out.fit.objective - null.objective));
  if (null.outcome != Outcome::kConverged) out.fit.outcome = Outcome::kNotConverged;
  return out;
}

namespace {

// theta with the unit's coefficient at `b` and the others in proportion: far from the estimate the maximum over
// the others goes along such a ray, as the plane between the groups does not turn.
std::vector<double> scaled_to(double b, std::vector<double> theta) {
  const double factor = theta.back() != 0 ? b / theta.back() : 1.0;
  for (double& part : theta) part *= factor;
  theta.back() = b;
  return theta;
}

// The maximum over the other coefficients where the unit's is `b`. Firth's likelihood may have several, so that
// it is climbed from each of `starts`, and from each in proportion; the highest counts. The likelihood itself
// has one.
AdjustedFit maximise_at(const Design& design, double b, std::span<const std::vector<double>> starts,
                        Penalty penalty, AdjustedScratch& scratch) {
  AdjustedFit best;
  const auto climb_from = [&](const std::vector<double>& start) {
    AdjustedFit fit = maximise(design, start, Slope::kHeld, penalty, scratch);
    if (fit.outcome == Outcome::kNotConverged || !std::isfinite(fit.objective)) return;
    if (best.outcome == Outcome::kNotConverged || fit.objective > best.objective) best = std::move(fit);
  };
  for (const std::vector<double>& start : starts) {
    if (penalty == Penalty::kNone && best.outcome != Outcome::kNotConverged) break;
    std::vector<double> at_b = start;
    at_b[design.m] = b;
    climb_from(at_b);
    if (penalty == Penalty::kFirth) climb_from(scaled_to(b, start));
  }
  if (best.outcome != Outcome::kNotConverged) evaluate(design, best.theta, penalty, scratch);  // its gradient
  return best;
}

// Starts that lie around `theta`, each with one of the other coefficients moved.
std::vector<std::vector<double>> starts_around(const std::vector<double>& theta) {
  constexpr std::array kMoves = {-1.0, -0.4, -0.15, 0.15, 0.4, 1.0};  // of the unit's coefficient
  std::vector<std::vector<double>> out;
  for (std::size_t j = 0; j + 1 < theta.size(); ++j) {
    for (const double move : kMoves) {
      out.push_back(theta);
      out.back()[j] += move * theta.back();
    }
  }
  return out;
}

// One end of the interval. `side` is +1 or −1.
double profile_end(const Design& design, const AdjustedFit& fit, double side, Penalty penalty,
                   AdjustedScratch& scratch) {
  constexpr int kMaxSteps = 100;
  const double root = std::sqrt(kChi2At95);
  const double centre = fit.theta[design.m];
  double inner = 0;  // distance from the centre below the border, and above it
  double outer = std::numeric_limits<double>::infinity();
  double distance = root / std::sqrt(fit.spread);
  std::vector<double> null = fit.theta;
  null[design.m] = 0;
  null = maximise(design, null, Slope::kHeld, penalty, scratch).theta;
  AdjustedFit at = fit;
  for (int step = 0; step < kMaxSteps; ++step) {
    const std::array<std::vector<double>, 3> starts = {at.theta, fit.theta, null};
    at = maximise_at(design, centre + side * distance, starts, penalty, scratch);
    if (at.outcome == Outcome::kNotConverged) break;
    const double signed_root = std::sqrt(std::max(0.0, 2.0 * (fit.objective - at.objective)));
    (signed_root < root ? inner : outer) = distance;
    // d(root)/d(distance) = −side·slope/root; the slope is what the score of the unit's coefficient is there.
    const double growth = -side * scratch.gradient[design.m] / signed_root;
    double next = growth > 0 && signed_root > 0 ? distance + (root - signed_root) / growth : outer;
    if (std::fabs(next - distance) <= 1e-12 * (std::fabs(centre) + distance)) {
      if (penalty == Penalty::kNone) return centre + side * next;
      AdjustedFit higher = maximise_at(design, at.theta.back(), starts_around(at.theta), penalty, scratch);
      if (!(higher.objective > at.objective + kSameHeight)) return centre + side * next;
      at = std::move(higher);  // a maximum that no start has led to: the end lies farther out
      inner = distance;
      outer = std::numeric_limits<double>::infinity();
      next = 1.01 * distance;
    }
    if (!(next > inner) || !(next < outer) || !std::isfinite(next))
      next = std::isfinite(outer) ? 0.5 * (inner + outer) : 2.0 * distance;
    next = std::min(next, 8.0 * distance);
    distance = next;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Interval profile_interval(const Design& design, const AdjustedFit& fit, Penalty penalty,
                          AdjustedScratch& scratch) {
  return {profile_end(design, fit, -1.0, penalty, scratch), profile_end(design, fit, 1.0, penalty, scratch)};
}

double cluster_standard_error(const Design& design, std::span<const double> theta,
                              std::span<const std::uint32_t> cluster, std::size_t n_clusters,
                              AdjustedScratch& scratch) {
  const std::size_t p = design.n_coefficients();
  if (!evaluate(design, theta, Penalty::kNone, scratch).is_sound)
    return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> unit_vector(p, 0.0);
  unit_vector[design.m] = 1.0;
  std::vector<double> column;  // of the inverse information
  solve(p, p, scratch.r, unit_vector, column);
  std::vector<double> sums(n_clusters, 0.0);
  for (std::size_t i = 0; i < design.n(); ++i)
    sums[cluster[i]] += sign_of_sample(design, i) * scratch.q[i] * log_odds(design, column, i);
  double variance = 0;
  for (const double sum : sums) variance += sum * sum;
  const auto n = static_cast<double>(design.n());
  const auto g = static_cast<double>(n_clusters);
  return std::sqrt(variance * (g / (g - 1.0)) * ((n - 1.0) / (n - static_cast<double>(p))));
}

}  // namespace penfield::association
