#include "penfield/association/scalar/adjusted_logistic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "penfield/association/scalar/compensated_sum.h"

namespace penfield::association {
namespace {

// A step is halved at most so often. If less than kLeastFactor of it gains nothing, the objective is flat to
// rounding.
constexpr int kMaxHalvings = 60;
constexpr double kLeastFactor = 0x1p-20;
// On a column with a maximum Newton converges long before this iteration; after it, a step is tested as a
// direction of divergence.
constexpr int kSearchSeparationAfter = 25;
// Of the information that z has at equal weights of ¼: below this the weights are so small that rounding can
// make a step look small.
constexpr double kSpent = 1e-10;

// What the objective may be off by: its parts may cancel, and log-odds are rounded at their own size.
double rounding_of(double objective, double farthest) {
  return 1e-13 * (1.0 + std::fabs(objective)) + std::min(4e-16 * farthest, 1e-8);
}

std::vector<double> moved(std::span<const double> theta, std::span<const double> step, double factor) {
  std::vector<double> out(theta.begin(), theta.end());
  for (std::size_t k = 0; k < out.size(); ++k) out[k] += factor * step[k];
  return out;
}

// One climb from a start.
class Climb {
 public:
  Climb(const Design& design, Slope slope, Penalty penalty, double max_step, AdjustedScratch& scratch)
      : design_(design),
        n_free_(slope == Slope::kFree ? design.n_coefficients() : design.m),
        penalty_(penalty),
        max_step_(max_step),
        scratch_(scratch) {}

  AdjustedFit run(std::vector<double> start) {
    fit_.theta = std::move(start);
    at_ = evaluate(design_, fit_.theta, penalty_, scratch_);
    const int max_iterations = is_plain() ? kMaxIterations : kMaxFirthIterations;
    for (int iteration = 0; iteration < max_iterations && at_.is_sound(n_free_); ++iteration) {
      if (ends_with_step(iteration)) break;
    }
    if (is_plain() && fit_.outcome == Outcome::kNotConverged && separates(design_, fit_.theta))
      end_quasi_separated(fit_.theta);
    fit_.objective = at_.objective;
    fit_.score = at_.gradient[design_.m];
    fit_.spread = at_.spread();
    return std::move(fit_);
  }

 private:
  struct Step {
    std::vector<double> by;  // of theta
    double change = 0;       // of the log-odds of any sample, before it was capped
  };

  [[nodiscard]] bool is_plain() const { return penalty_ == Penalty::kNone; }

  Step newton_step() {
    Step step;
    step.by = solve(is_plain() ? at_.r : firth_slope(at_, scratch_), at_.gradient, n_free_);
    step.change = reach(design_, step.by);
    if (step.change > max_step_) {
      for (double& part : step.by) part *= max_step_ / step.change;
    }
    return step;
  }

  // Moves along the step, halved while the objective decreases. False: no part of it gains anything.
  bool advance(const Step& step, double farthest) {
    const double floor = at_.objective - rounding_of(at_.objective, farthest);
    double factor = 1.0;
    std::vector<double> next = moved(fit_.theta, step.by, factor);
    Evaluation there = evaluate(design_, next, penalty_, scratch_);
    for (int halving = 0; halving < kMaxHalvings && !(there.objective >= floor); ++halving) {
      factor *= 0.5;
      next = moved(fit_.theta, step.by, factor);
      there = evaluate(design_, next, penalty_, scratch_);
    }
    const bool is_stuck = factor < kLeastFactor && !(there.objective > at_.objective);
    if (!(there.objective >= floor) || is_stuck) return false;
    fit_.theta = std::move(next);
    at_ = std::move(there);
    return true;
  }

  // One Newton step; true where the climb has ended, with its outcome set.
  bool ends_with_step(int iteration) {
    const Step step = newton_step();
    if (is_plain() && iteration >= kSearchSeparationAfter && separates(design_, step.by)) {
      end_quasi_separated(step.by);
      return true;
    }
    const double farthest = reach(design_, fit_.theta);
    const double tolerance = is_plain() ? kStepTolerance : kFirthStepTolerance;
    const bool is_last = std::min(step.change, max_step_) <= tolerance * (farthest + 1e-3);
    if (!advance(step, farthest)) return true;
    if (is_plain() && at_.objective > -std::numbers::ln2) {
      fit_.outcome = Outcome::kSeparated;
      return true;
    }
    if (is_last) fit_.outcome = Outcome::kConverged;
    return is_last;
  }

  void end_quasi_separated(std::vector<double> direction) {
    fit_.outcome = Outcome::kQuasiSeparated;
    fit_.direction = std::move(direction);
  }

  const Design& design_;
  std::size_t n_free_;
  Penalty penalty_;
  double max_step_;
  AdjustedScratch& scratch_;
  AdjustedFit fit_;
  Evaluation at_;
};

// True if so little information about the unit's coefficient is left that rounding may have made a step look
// small.
bool is_spent(const Design& design, const AdjustedFit& fit) {
  double square = 0;
  for (const double value : design.z) square += value * value;
  return fit.spread <= kSpent * 0.25 * square;
}

}  // namespace

AdjustedFit maximise(const Design& design, const std::vector<double>& start, Slope slope, Penalty penalty,
                     AdjustedScratch& scratch) {
  constexpr double kAnyStep = std::numeric_limits<double>::infinity();
  AdjustedFit fit = Climb(design, slope, penalty, kAnyStep, scratch).run(start);
  const bool is_sound = fit.outcome == Outcome::kConverged ? slope == Slope::kHeld || !is_spent(design, fit)
                                                           : fit.outcome != Outcome::kNotConverged;
  if (is_sound) return fit;
  AdjustedFit again = Climb(design, slope, penalty, kMaxStep, scratch).run(start);
  return again.outcome == Outcome::kNotConverged ? fit : again;
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

}  // namespace penfield::association
