// Scales of the block formats of encoding.h that more than one reader of blocks takes apart.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "penfield/base/half.h"

namespace penfield::numeric {

inline unsigned byte_at(const std::byte* bytes, std::size_t i) {
  return std::to_integer<unsigned>(bytes[i]);
}
inline float half_at(const std::byte* bytes) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, bytes, sizeof(bits));
  return half_to_float(bits);
}
inline std::uint32_t u32_at(const std::byte* bytes) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

// Q4_K and Q5_K: the 6-bit scale and minimum of each of the 8 sub-blocks, out of 12 bytes. The first four of
// either have the lower six bits of a byte of their own; the others have a nibble each of the last four
// bytes, and their upper two bits in the upper two of the first eight bytes.
struct SubScales {
  std::array<std::uint8_t, 8> scale{}, minimum{};
};
inline SubScales unpack_sub_scales(const std::byte* s) {
  SubScales out;
  for (std::size_t b = 0; b < 4; ++b) {
    out.scale[b] = static_cast<std::uint8_t>(byte_at(s, b) & 63);
    out.minimum[b] = static_cast<std::uint8_t>(byte_at(s, b + 4) & 63);
    out.scale[b + 4] = static_cast<std::uint8_t>((byte_at(s, b + 8) & 15) | (byte_at(s, b) >> 6) << 4);
    out.minimum[b + 4] = static_cast<std::uint8_t>(byte_at(s, b + 8) >> 4 | (byte_at(s, b + 4) >> 6) << 4);
  }
  return out;
}

// Q3_K: the 6-bit scale of sub-block b (0 … 15), less 32: nibbles of eight bytes, lower ones first, and two
// bits each of four more.
inline int q3_k_scale(const std::byte* block, std::size_t b) {
  const std::byte* s = block + 96;
  const unsigned lower = byte_at(s, b % 8) >> 4 * (b / 8) & 15;
  const unsigned upper = byte_at(s, 8 + b % 4) >> 2 * (b / 4) & 3;
  return static_cast<int>(lower | upper << 4) - 32;
}

// IQ4_NL and IQ4_XS: what a nibble stands for.
inline constexpr std::array<std::int8_t, 16> kNonLinearNibbles = {-127, -104, -83, -65, -49, -35, -22, -10,
                                                                  1,    13,   25,  38,  53,  69,  89,  113};
// IQ4_XS: the 6-bit scale of sub-block b (0 … 7), less 32. block: d, then 16 upper bits, then 4 bytes of
// nibbles.
inline int iq4_xs_scale(const std::byte* block, std::size_t b) {
  const unsigned upper = byte_at(block, 2) | byte_at(block, 3) << 8;
  const unsigned lower = byte_at(block, 4 + b / 2) >> 4 * (b % 2) & 15;
  return static_cast<int>(lower | (upper >> 2 * b & 3) << 4) - 32;
}

// MXFP4: twice the value of a nibble of sign, two bits of exponent and one of mantissa (E2M1), so that it is
// whole. Source: OCP Microscaling Formats (MX) Specification 1.0, section 5.3.3.
inline constexpr std::array<std::int8_t, 16> kE2m1Doubled = {0, 1,  2,  3,  4,  6,  8,  12,
                                                             0, -1, -2, -3, -4, -6, -8, -12};
// Half of the scale 2^(e − 127), to match; subnormal for e < 2.
inline float e8m0_half(unsigned e) {
  return std::bit_cast<float>(e < 2 ? 0x00200000u << e : (e - 1) << 23);
}
// Larger exponents have values beyond float32 (6 · 2^126), or are no number (255).
inline constexpr unsigned kMaxFiniteE8m0 = 252;

}  // namespace penfield::numeric
