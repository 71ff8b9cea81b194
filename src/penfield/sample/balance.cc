#include "penfield/sample/balance.h"

#include <cmath>
#include <limits>

namespace penfield::sample {
namespace {

struct Moments {
  double mean = 0, variance = 0;  // variance: over n − 1; 0 of one value
};

Moments moments_of(const TokenTraits& traits, Trait trait, std::span<const Window> windows,
                   std::span<const Sample> samples) {
  const auto n = static_cast<double>(samples.size());
  Moments out;
  // From the first value on, so that equal values have that mean and no variance, without rounding.
  const double first = traits.value(trait, windows[samples.front().window], samples.front().position);
  for (const Sample& s : samples) out.mean += traits.value(trait, windows[s.window], s.position) - first;
  out.mean = first + out.mean / n;
  if (samples.size() < 2) return out;
  for (const Sample& s : samples) {
    const double apart = traits.value(trait, windows[s.window], s.position) - out.mean;
    out.variance += apart * apart / (n - 1);
  }
  return out;
}

}  // namespace

std::vector<TraitBalance> measure_balance(const TokenTraits& traits, std::span<const Window> windows,
                                          const Candidates& candidates, std::span<const Sample> drawn_targets,
                                          std::span<const Sample> drawn_comparison) {
  std::vector<TraitBalance> out;
  for (const Trait trait : kTraits) {
    const Moments target = moments_of(traits, trait, windows, candidates.targets);
    const Moments other = moments_of(traits, trait, windows, candidates.others);
    const double drawn = moments_of(traits, trait, windows, drawn_targets).mean -
                         moments_of(traits, trait, windows, drawn_comparison).mean;
    const double sd = std::sqrt((target.variance + other.variance) / 2);
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    out.push_back({.trait = trait,
                   .before = sd > 0 ? (target.mean - other.mean) / sd : kNone,
                   .after = sd > 0 ? drawn / sd : kNone});
  }
  return out;
}

}  // namespace penfield::sample
