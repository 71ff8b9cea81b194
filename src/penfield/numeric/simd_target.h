// Which vector instructions the kernels use on this processor.
#pragma once

#include <string>

namespace penfield::numeric {

// Highway's name of the best target that this processor has: "AVX3_ZEN4", "AVX3", "AVX2", "NEON", …
[[nodiscard]] std::string simd_target();

}  // namespace penfield::numeric
