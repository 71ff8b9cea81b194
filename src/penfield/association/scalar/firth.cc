#include "penfield/association/scalar/firth.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace penfield::association {
namespace {

// One sample with this share of a column's sum of squares can carry a maximum of its own.
constexpr double kFarLeverage = 0.25;
// Of the far sample's square: with less spread than rounding leaves, all others are the same.
constexpr double kNoSpread = 1e-20;
// Of the larger coefficient: two climbs that end nearer than this have found the same maximum.
constexpr double kSameMaximum = 1e-4;

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

}  // namespace penfield::association
