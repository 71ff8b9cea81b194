// Matrix products of bfloat16 factors with float32 sums, every element one fixed sum.
//
// out[i][j] is a chain over pairs of k: for k = 0, 2, 4, …
//   sum = fma(left[k], right[k], fma(left[k + 1], right[k + 1], sum))
// in float32, begun anew every kBf16SumBlock terms; the blocks' sums are added in order. That is what one
// vdpbf16ps does (Intel SDM, vol. 2; measured to be the same on Zen 5, 32 million random pairs of pairs). A
// product of two bfloat16 is exact in float32, so that the emulation for other processors needs no fused
// step to give the same bytes; it takes two multiply-adds for one instruction, as many as float32 does.
// Subnormal numbers are zero, as factors and as sums, in both (the emulation: on x86).
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

// Terms of one chain: twice those of float32, so that a packed panel has as many bytes. Sums of 4096 terms
// then err by 1e-6 of the largest, a thousandth of what the factors' rounding costs.
inline constexpr std::size_t kBf16SumBlock = 1024;
// Columns of a panel, on every machine.
inline constexpr std::size_t kBf16PanelCols = 32;

enum class Bf16Kernel {
  kBest,      // vdpbf16ps where the processor has it
  kEmulated,  // the same bytes on any processor
};
// True where the processor multiplies bfloat16 itself.
[[nodiscard]] bool has_bf16_products();

// Pairs of a packed [rows, cols] matrix: whole panels of even_size(rows) / 2, filled up with zeros.
[[nodiscard]] std::size_t packed_bf16_pairs(std::size_t rows, std::size_t cols);

// right [k, n], finite, rounded on the way -> panels [ceil(n / 32)][even_size(k) / 2][32] of pairs; the row
// of even index stands in the lower bits.
void pack_bf16(MatrixView<const float> right, std::uint32_t* packed);

// left [m, k] · right [k, n] (+ bias [n]) -> out [m, n], on the calling thread. left: every row at an even
// index from an even stride, and with even_size(k) values that can be read, the odd one zero.
// scratch: 64-byte aligned, multiply_bf16_scratch_pairs(n) pairs.
[[nodiscard]] std::size_t multiply_bf16_scratch_pairs(std::size_t n);
void multiply_bf16(MatrixView<const Bfloat16> left, MatrixView<const float> right,
                   std::span<const float> bias, Onto onto, MatrixView<float> out, std::uint32_t* scratch,
                   Bf16Kernel kernel = Bf16Kernel::kBest);

}  // namespace penfield::numeric
