#include "penfield/numeric/widen_scalar.h"

#include <cstring>

#include "penfield/base/check.h"
#include "penfield/numeric/block_scales.h"

namespace penfield::numeric {
namespace {

// Each function: one block -> its values. Offsets are bytes from the block's beginning.

float as_float(int q) {
  return static_cast<float>(q);
}
int low_nibble(const std::byte* q, std::size_t i) {
  return static_cast<int>(byte_at(q, i) & 15);
}
int high_nibble(const std::byte* q, std::size_t i) {
  return static_cast<int>(byte_at(q, i) >> 4);
}

// d (half) | 16 bytes: value j in the lower nibble of byte j, value j + 16 in the upper one; less 8.
void q4_0(const std::byte* block, float* out) {
  const float d = half_at(block);
  for (std::size_t j = 0; j < 16; ++j) {
    out[j] = as_float(low_nibble(block + 2, j) - 8) * d;
    out[j + 16] = as_float(high_nibble(block + 2, j) - 8) * d;
  }
}

// d, m (halves) | 16 bytes as in Q4_0.
void q4_1(const std::byte* block, float* out) {
  const float d = half_at(block), m = half_at(block + 2);
  for (std::size_t j = 0; j < 16; ++j) {
    out[j] = as_float(low_nibble(block + 4, j)) * d + m;
    out[j + 16] = as_float(high_nibble(block + 4, j)) * d + m;
  }
}

// The fifth bit of value j is bit j of a u32.
int fifth_bit(std::uint32_t bits, std::size_t j) {
  return static_cast<int>((bits >> j & 1u) << 4);
}

// d | u32 of fifth bits | 16 bytes; less 16.
void q5_0(const std::byte* block, float* out) {
  const float d = half_at(block);
  const std::uint32_t fifth = u32_at(block + 2);
  for (std::size_t j = 0; j < 16; ++j) {
    out[j] = as_float((low_nibble(block + 6, j) | fifth_bit(fifth, j)) - 16) * d;
    out[j + 16] = as_float((high_nibble(block + 6, j) | fifth_bit(fifth, j + 16)) - 16) * d;
  }
}

// d, m | u32 of fifth bits | 16 bytes.
void q5_1(const std::byte* block, float* out) {
  const float d = half_at(block), m = half_at(block + 2);
  const std::uint32_t fifth = u32_at(block + 4);
  for (std::size_t j = 0; j < 16; ++j) {
    out[j] = as_float(low_nibble(block + 8, j) | fifth_bit(fifth, j)) * d + m;
    out[j + 16] = as_float(high_nibble(block + 8, j) | fifth_bit(fifth, j + 16)) * d + m;
  }
}

// d | 32 signed bytes.
void q8_0(const std::byte* block, float* out) {
  const float d = half_at(block);
  for (std::size_t j = 0; j < 32; ++j) out[j] = as_float(static_cast<std::int8_t>(byte_at(block + 2, j))) * d;
}

// 16 bytes, a sub-block of 16 values each: scale in the lower, minimum in the upper nibble | 64 bytes | d,
// dmin. Byte l of the first 32 holds the values l, l + 32, l + 64 and l + 96, two bits each from below; the
// other 32 the rest.
void q2_k(const std::byte* block, float* out) {
  const float d = half_at(block + 80), dmin = half_at(block + 82);
  for (std::size_t i = 0; i < 256; ++i) {
    const unsigned scales = byte_at(block, i / 16);
    const unsigned q = byte_at(block + 16, i / 128 * 32 + i % 32) >> 2 * (i % 128 / 32) & 3;
    out[i] = d * as_float(static_cast<int>(scales & 15)) * as_float(static_cast<int>(q)) -
             dmin * as_float(static_cast<int>(scales >> 4));
  }
}

// 32 bytes: bit i / 32 of byte i % 32 is value i's third bit, inverted (−4 where it is 0) | 64 bytes as in
// Q2_K | 12 bytes of scales (block_scales.h), a sub-block of 16 values each | d.
void q3_k(const std::byte* block, float* out) {
  const float d = half_at(block + 108);
  for (std::size_t i = 0; i < 256; ++i) {
    const unsigned third = byte_at(block, i % 32) >> i / 32 & 1;
    const unsigned q = byte_at(block + 32, i / 128 * 32 + i % 32) >> 2 * (i % 128 / 32) & 3;
    out[i] = d * as_float(q3_k_scale(block, i / 16)) * as_float(static_cast<int>(q) - (third != 0 ? 0 : 4));
  }
}

// d, dmin | 12 bytes of scales (block_scales.h) | 128 bytes: 32 for two sub-blocks of 32 values, the first in
// the lower nibbles.
void q4_k(const std::byte* block, float* out) {
  const float d = half_at(block), dmin = half_at(block + 2);
  const SubScales sub = unpack_sub_scales(block + 4);
  for (std::size_t i = 0; i < 256; ++i) {
    const std::size_t b = i / 32;
    const unsigned q = byte_at(block + 16, i / 64 * 32 + i % 32) >> 4 * (b % 2) & 15;
    out[i] = d * as_float(sub.scale[b]) * as_float(static_cast<int>(q)) - dmin * as_float(sub.minimum[b]);
  }
}

// As Q4_K, with 32 bytes before the 128: bit b of byte l is the fifth bit of value l of sub-block b.
void q5_k(const std::byte* block, float* out) {
  const float d = half_at(block), dmin = half_at(block + 2);
  const SubScales sub = unpack_sub_scales(block + 4);
  for (std::size_t i = 0; i < 256; ++i) {
    const std::size_t b = i / 32;
    const unsigned fifth = byte_at(block + 16, i % 32) >> b & 1;
    const unsigned q = (byte_at(block + 48, i / 64 * 32 + i % 32) >> 4 * (b % 2) & 15) | fifth << 4;
    out[i] = d * as_float(sub.scale[b]) * as_float(static_cast<int>(q)) - dmin * as_float(sub.minimum[b]);
  }
}

// 128 bytes of lower nibbles | 64 bytes of upper bit pairs | 16 signed scales | d; less 32. A half of 128
// values takes 64 and 32 bytes: values 0 … 63 in the lower nibbles, 64 … 127 in the upper ones; pair g of
// byte l belongs to value 32 g + l.
void q6_k(const std::byte* block, float* out) {
  const float d = half_at(block + 208);
  for (std::size_t i = 0; i < 256; ++i) {
    const std::size_t half = i / 128, in_half = i % 128;
    const unsigned lower = byte_at(block, half * 64 + in_half % 64) >> 4 * (in_half / 64) & 15;
    const unsigned upper = byte_at(block + 128, half * 32 + i % 32) >> 2 * (in_half / 32) & 3;
    const auto scale = static_cast<std::int8_t>(byte_at(block + 192, i / 16));
    out[i] = d * as_float(scale) * as_float(static_cast<int>(lower | upper << 4) - 32);
  }
}

// d | 16 bytes as in Q4_0; a nibble stands for a value of a table.
void iq4_nl(const std::byte* block, float* out) {
  const float d = half_at(block);
  for (std::size_t j = 0; j < 16; ++j) {
    out[j] = d * as_float(kNonLinearNibbles[byte_at(block + 2, j) & 15]);
    out[j + 16] = d * as_float(kNonLinearNibbles[byte_at(block + 2, j) >> 4]);
  }
}

// d | scales (block_scales.h) | 128 bytes: 16 as in IQ4_NL for each sub-block of 32 values.
void iq4_xs(const std::byte* block, float* out) {
  const float d = half_at(block);
  for (std::size_t i = 0; i < 256; ++i) {
    const std::size_t b = i / 32;
    const unsigned nibble = byte_at(block + 8, b * 16 + i % 16) >> 4 * (i % 32 / 16) & 15;
    out[i] = d * as_float(iq4_xs_scale(block, b)) * as_float(kNonLinearNibbles[nibble]);
  }
}

// e, a power of two | 16 bytes as in Q4_0; a nibble is a float of 4 bits.
void mxfp4(const std::byte* block, float* out) {
  const float d = e8m0_half(byte_at(block, 0));
  for (std::size_t j = 0; j < 16; ++j) {
    out[j] = d * as_float(kE2m1Doubled[byte_at(block + 1, j) & 15]);
    out[j + 16] = d * as_float(kE2m1Doubled[byte_at(block + 1, j) >> 4]);
  }
}

void float32(const std::byte* value, float* out) {
  std::memcpy(out, value, sizeof(float));
}
void float16(const std::byte* value, float* out) {
  *out = half_at(value);
}
void bfloat16(const std::byte* value, float* out) {
  *out = bfloat16_to_float(static_cast<std::uint16_t>(byte_at(value, 0) | byte_at(value, 1) << 8));
}

using WidenBlock = void (*)(const std::byte*, float*);
WidenBlock widen_block(Encoding encoding) {
  switch (encoding) {
    case Encoding::kFloat32:
      return float32;
    case Encoding::kFloat16:
      return float16;
    case Encoding::kBfloat16:
      return bfloat16;
    case Encoding::kQ4_0:
      return q4_0;
    case Encoding::kQ4_1:
      return q4_1;
    case Encoding::kQ5_0:
      return q5_0;
    case Encoding::kQ5_1:
      return q5_1;
    case Encoding::kQ8_0:
      return q8_0;
    case Encoding::kQ2_K:
      return q2_k;
    case Encoding::kQ3_K:
      return q3_k;
    case Encoding::kQ4_K:
      return q4_k;
    case Encoding::kQ5_K:
      return q5_k;
    case Encoding::kQ6_K:
      return q6_k;
    case Encoding::kIQ4_NL:
      return iq4_nl;
    case Encoding::kIQ4_XS:
      return iq4_xs;
    case Encoding::kMXFP4:
      return mxfp4;
  }
  return nullptr;
}

}  // namespace

void widen_blocks_scalar(Encoding encoding, const std::byte* blocks, std::size_t n_blocks, float* out) {
  const WidenBlock widen = widen_block(encoding);
  PENFIELD_CHECK(widen != nullptr);
  const EncodedBlock block = block_of(encoding);
  for (std::size_t i = 0; i < n_blocks; ++i) widen(blocks + i * block.n_bytes, out + i * block.n_values);
}

}  // namespace penfield::numeric
