#include "penfield/numeric/simd_target.h"

#include <hwy/targets.h>

#include "penfield/numeric/matmul_bf16.h"

namespace penfield::numeric {

// Better targets have lower bits.
std::string simd_target() {
  const auto supported = hwy::SupportedTargets();
  return hwy::TargetName(supported & -supported);
}

std::string product_kernel(Precision precision) {
  if (precision == Precision::kFloat32) return "float32 on " + simd_target();
  if (has_bf16_tiles()) return "bfloat16 by tdpbf16ps";
  return has_bf16_products() ? "bfloat16 by vdpbf16ps" : "bfloat16 emulated on " + simd_target();
}

}  // namespace penfield::numeric
