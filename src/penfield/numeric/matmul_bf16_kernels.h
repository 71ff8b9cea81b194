// The kernels of matmul_bf16.h, for the .cc files and tests of this room.
#pragma once

#include <cstddef>
#include <cstdint>

namespace penfield::numeric {

// One block of at most kBf16SumBlock terms. Strides in elements.
struct Bf16Block {
  const std::uint16_t* left;  // [m, even_size(k)]
  std::size_t left_stride;
  const std::uint32_t* packed;  // panels of n_pairs rows
  const float* bias;            // [n], nullptr: none
  bool onto_out;
  float* out;  // [m, n]
  std::size_t out_stride;
  std::size_t m, n_pairs, n;  // n_pairs: even_size(k) / 2
};

// Requires has_bf16_products().
void multiply_block_avx512_bf16(const Bf16Block& block);
// Requires has_bf16_tiles(), and n_pairs must be a multiple of kBf16TileTerms / 2.
void multiply_block_tiles(const Bf16Block& block);
void multiply_block_emulated(const Bf16Block& block);

}  // namespace penfield::numeric
