#include "penfield/findings/word_level.h"

#include <algorithm>
#include <cmath>

namespace penfield::findings {
namespace {

using association::ClusteredAuc;

// The area of −x: what a suppressed unit's is when "higher" means "more like a target".
ClusteredAuc oriented(int direction, const ClusteredAuc& area) {
  if (direction >= 0) return area;
  return {.auc = 1 - area.auc,
          .lo = 1 - area.hi,
          .hi = 1 - area.lo,
          .lo_90 = 1 - area.hi_90,
          .hi_90 = 1 - area.lo_90};
}

}  // namespace

Specificity judge_specificity(int direction, const ClusteredAuc& near_miss, const ClusteredAuc& carrier) {
  if (direction == 0 || std::isnan(near_miss.lo)) return Specificity::kNotKnown;
  constexpr double kLeast = 0.5 + kSpecificDelta, kMost = 0.5 - kSpecificDelta;
  const ClusteredAuc against = oriented(direction, near_miss), of_carrier = oriented(direction, carrier);
  if (against.lo > kLeast) return Specificity::kSpecific;
  const bool is_equivalent = against.lo_90 > kMost && against.hi_90 < kLeast;
  return of_carrier.lo > kLeast && is_equivalent ? Specificity::kCarrier : Specificity::kUndecided;
}

Effect judge_effect(int direction, Answer replicated, const ClusteredAuc& unseen) {
  if (replicated == Answer::kNotKnown || direction == 0 || std::isnan(unseen.lo)) return Effect::kNotKnown;
  if (replicated == Answer::kNo) return Effect::kNone;
  const double lo = oriented(direction, unseen).lo;
  return lo > kStrongArea ? Effect::kStrong : lo > kModerateArea ? Effect::kModerate : Effect::kNone;
}

}  // namespace penfield::findings
