// Values of every plain width as float32, exactly; what a WeightView takes for `widen`. Rows may begin at any
// byte.
#pragma once

#include <cstddef>

namespace penfield::numeric {

void widen_float32(const std::byte* row, std::size_t first, std::size_t n, float* out);
void widen_float16(const std::byte* row, std::size_t first, std::size_t n, float* out);  // IEEE 754 binary16
void widen_bfloat16(const std::byte* row, std::size_t first, std::size_t n, float* out);

}  // namespace penfield::numeric
