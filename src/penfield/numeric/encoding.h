// How the values of a row of weights lie in memory: float32, 16-bit floats, or the block formats of ggml.
//
// A block format cuts a row into blocks of 32 or 256 values and stores small integers q with one or two
// 16-bit scales d, m (and, for 256 values, a small scale for every 16 or 32 of them): a value is d·q, d·q + m
// or d·s·q − dmin·t. All is little-endian, a block has no padding, and it may begin at any address.
// widen_scalar.cc says what each looks like.
//
// Source: github.com/ggml-org/ggml, src/ggml-common.h (the structs block_q4_0 …) and src/ggml-quants.c.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace penfield::numeric {

enum class Encoding : std::uint8_t {
  kFloat32,
  kFloat16,
  kBfloat16,
  kQ4_0,
  kQ4_1,
  kQ5_0,
  kQ5_1,
  kQ8_0,
  kQ2_K,
  kQ3_K,
  kQ4_K,
  kQ5_K,
  kQ6_K,
  kIQ4_NL,
  kIQ4_XS,
  kMXFP4,
};

inline constexpr std::size_t kEncodings = static_cast<std::size_t>(Encoding::kMXFP4) + 1;

struct EncodedBlock {
  std::uint32_t n_values = 1;
  std::uint32_t n_bytes = 4;
};

[[nodiscard]] constexpr EncodedBlock block_of(Encoding encoding) {
  constexpr std::array<EncodedBlock, kEncodings> kBlocks = {{{1, 4},
                                                             {1, 2},
                                                             {1, 2},
                                                             {32, 18},
                                                             {32, 20},
                                                             {32, 22},
                                                             {32, 24},
                                                             {32, 34},
                                                             {256, 84},
                                                             {256, 110},
                                                             {256, 144},
                                                             {256, 176},
                                                             {256, 210},
                                                             {32, 18},
                                                             {256, 136},
                                                             {32, 17}}};
  return kBlocks[static_cast<std::size_t>(encoding)];
}
inline constexpr std::size_t kMaxBlockValues = 256;

// Bytes of a row of n values; n is a multiple of the block's values.
[[nodiscard]] constexpr std::size_t encoded_bytes(Encoding encoding, std::size_t n) {
  return n / block_of(encoding).n_values * block_of(encoding).n_bytes;
}

}  // namespace penfield::numeric
