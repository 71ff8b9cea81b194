#include "penfield/numeric/simd_target.h"

#include <hwy/targets.h>

namespace penfield::numeric {

// Better targets have lower bits.
std::string simd_target() {
  const auto supported = hwy::SupportedTargets();
  return hwy::TargetName(supported & -supported);
}

}  // namespace penfield::numeric
