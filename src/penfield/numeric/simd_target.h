// Which vector instructions the kernels use on this processor.
#pragma once

#include <string>

#include "penfield/numeric/precision.h"

namespace penfield::numeric {

// Highway's name of the best target that this processor has: "AVX3_ZEN4", "AVX3", "AVX2", "NEON", …
[[nodiscard]] std::string simd_target();

// The instructions that compute a forward pass's products: "float32 on AVX3", "bfloat16 by tdpbf16ps",
// "bfloat16 by vdpbf16ps", "bfloat16 emulated on AVX2".
[[nodiscard]] std::string product_kernel(Precision precision);

}  // namespace penfield::numeric
