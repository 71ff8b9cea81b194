// Matrix products of bfloat16 factors with float32 sums, in which every element is one fixed sum. Which sum
// depends only on the processor's instruction:
//
// vdpbf16ps (AVX-512 BF16), and the emulation for processors without: out[i][j] is a chain over pairs of k,
// for k = 0, 2, 4, …
//   sum = fma(left[k], right[k], fma(left[k + 1], right[k + 1], sum))
// (Intel SDM, vol. 2; Zen 5 agreed in 32 million random pairs of pairs). A product of two bfloat16 values is
// exact in float32, so the emulation gives the same bytes without a fused step; it takes two multiply-adds
// for one instruction, as many as float32.
//
// tdpbf16ps (AMX), where the length is a multiple of 32: every 32 terms form two chains from zero, of the
// even and of the odd k, and sum = sum + (even + odd).
//
// Both restart every kBf16SumBlock terms; the blocks' sums are added in order. Subnormal numbers count as
// zero, as factors and as sums (the emulation: on x86).
//
// Why not a library, with figures: docs/decisions/0011. The loops are those of numeric/matmul.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "penfield/base/matrix_view.h"
#include "penfield/numeric/bfloat16.h"
#include "penfield/numeric/matmul.h"

namespace penfield::numeric {

// Terms of one chain: twice those of float32, so that a packed panel has the same size. Sums of 4096 terms
// then err by 1e-6 of the largest value, a thousandth of the error from rounding the factors.
inline constexpr std::size_t kBf16SumBlock = 1024;
// Columns of a panel, on every machine.
inline constexpr std::size_t kBf16PanelCols = 32;

// Terms that one tdpbf16ps sums.
inline constexpr std::size_t kBf16TileTerms = 32;

enum class Bf16Kernel {
  kBest,      // the first of the following that the processor has and that supports the length
  kTiles,     // tdpbf16ps
  kPairs,     // vdpbf16ps
  kEmulated,  // the bytes of kPairs on any processor
};
// True if the processor has vdpbf16ps.
[[nodiscard]] bool has_bf16_products();
// True if it also has tdpbf16ps and the system lets the process use it.
[[nodiscard]] bool has_bf16_tiles();

// Pairs of a packed [rows, cols] matrix: whole panels of even_size(rows) / 2, padded with zeros.
[[nodiscard]] std::size_t packed_bf16_pairs(std::size_t rows, std::size_t cols);

// left [m, k] · right [k, n] (+ bias [n]) -> out [m, n], on the calling thread. left: the stride is even, and
// every row has even_size(k) readable values, the one behind an odd k zero. right: finite;
// rounded to bfloat16 while it is packed into panels [ceil(n / 32)][even_size(k) / 2][32] of pairs, the row
// of even index in the lower bits. scratch: 64-byte aligned, multiply_bf16_scratch_pairs(n) pairs.
[[nodiscard]] std::size_t multiply_bf16_scratch_pairs(std::size_t n);
void multiply_bf16(MatrixView<const Bfloat16> left, const WeightView& right, std::span<const float> bias,
                   Onto onto, MatrixView<float> out, std::uint32_t* scratch,
                   Bf16Kernel kernel = Bf16Kernel::kBest);
inline void multiply_bf16(MatrixView<const Bfloat16> left, MatrixView<const float> right,
                          std::span<const float> bias, Onto onto, MatrixView<float> out,
                          std::uint32_t* scratch, Bf16Kernel kernel = Bf16Kernel::kBest) {
  multiply_bf16(left, WeightView(right), bias, onto, out, scratch, kernel);
}

}  // namespace penfield::numeric
