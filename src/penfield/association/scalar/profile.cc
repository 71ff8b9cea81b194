#include "penfield/association/scalar/profile.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace penfield::association {
namespace {

constexpr double kChi2At95 = 3.8414588206941245;  // χ²(1)
constexpr double kSameHeight = 1e-9;  // of two maxima: the rounding of an objective of many samples

// theta with the unit's coefficient at `b` and the others in proportion: far from the estimate the maximum
// over the others goes along such a ray, as the plane between the groups does not turn.
std::vector<double> scaled_to(double b, std::vector<double> theta) {
  const double factor = theta.back() != 0 ? b / theta.back() : 1.0;
  for (double& part : theta) part *= factor;
  theta.back() = b;
  return theta;
}

// The maximum over the other coefficients where the unit's is `b`. Firth's likelihood may have several, so
// that it is climbed from each of `starts`, and from each in proportion; the highest counts. The likelihood
// itself has one.
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
    const double growth = -side * at.score / signed_root;
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

}  // namespace penfield::association
