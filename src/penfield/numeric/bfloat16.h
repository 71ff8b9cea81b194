// float32 to bfloat16: the upper half of a float32, rounded to nearest, ties to even.
//
// The bits equal those of torch.Tensor.to(torch.bfloat16) (bfloat16_test.cc): subnormals are kept, overflow
// becomes infinity. Every NaN becomes 0x7fc0; torch's NaNs depend on its vector instructions.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace penfield::numeric {

struct Bfloat16 {
  std::uint16_t bits = 0;
};

// The scalar twin.
[[nodiscard]] inline Bfloat16 to_bfloat16(float value) {
  if (std::isnan(value)) return {0x7fc0};
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return {static_cast<std::uint16_t>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16)};
}

[[nodiscard]] inline float to_float(Bfloat16 value) {
  return std::bit_cast<float>(std::uint32_t{value.bits} << 16);
}

// Rounds a row of n values. If n is odd, a zero follows, because products take values in pairs.
// out: even_size(n) values. Non-finite values are handled as in the scalar twin.
[[nodiscard]] constexpr std::size_t even_size(std::size_t n) {
  return n + n % 2;
}
void round_to_bfloat16(std::span<const float> in, Bfloat16* out);

// The float32 values of the bfloat16s in `rounded`, out.size() of them.
void widen(const Bfloat16* rounded, std::span<float> out);

}  // namespace penfield::numeric
