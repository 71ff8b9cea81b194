// Float32 matrix products whose every element is one fixed sum.
//
// out[i][j] is a chain of multiply-adds (fused, where the processor has that) over k = 0, 1, … in that order,
// restarted every kSumBlock terms; the blocks' sums are added in order. Nothing else (tile boundaries, other
// rows, threads, vector width) affects it, so a token's activation depends neither on which tokens share its
// pass nor on how the work is split.
//
// Why not a BLAS: the order of its sums depends on the shapes of both operands and on the CPU, and OpenBLAS
// 0.3.21 uses AVX2 kernels on every AMD processor newer than itself. Measured on one Zen 5 core (processor
// time), GPT-2 Medium's shapes at 1024 tokens, in GFLOP/s: this code 211–221, of a peak of 222; OpenBLAS
// 112–114, and 209–214 when told to use its AVX-512 kernels; this code on AVX2 109–112.
//
// Source: the loops are those of Goto & van de Geijn 2008 and of BLIS (Van Zee & van de Geijn 2015): a packed
// panel of the right matrix is multiplied by a few rows of the left one, with the result kept in registers.
#pragma once

#include <cstddef>
#include <span>

#include "penfield/base/matrix_view.h"
#include "penfield/numeric/weight_view.h"

namespace penfield::numeric {

// Terms of one chain. With 512, a sum of 4096 terms is 8 sums of 512, whose measured error is a third of that
// of one chain, and a panel of 512 rows fits in the second-level cache.
inline constexpr std::size_t kSumBlock = 512;

// Columns of a panel on this machine.
[[nodiscard]] std::size_t panel_cols();
// Floats of a packed [rows, cols] matrix: whole panels, the last one padded with zeros.
[[nodiscard]] std::size_t packed_floats(std::size_t rows, std::size_t cols);

// right [k, n] -> panels [ceil(n / panel_cols)][k][panel_cols]. packed: 64-byte aligned, packed_floats(k, n)
// floats.
void pack(MatrixView<const float> right, float* packed);
// As pack(), from the transposed matrix [n, k].
void pack_transposed(MatrixView<const float> transposed, float* packed);

enum class Onto {
  kNothing,  // out = left · right
  kOut,      // out += left · right
};

// left [m, k] · packed [k, n] -> out [m, n], plus bias [n] in every row (empty: none).
// packed_rows >= k: the number of rows that were packed; the product is with the first k of them.
// out may not overlap left.
void multiply_packed(MatrixView<const float> left, const float* packed, std::size_t packed_rows,
                     std::span<const float> bias, Onto onto, MatrixView<float> out);

// Floats of scratch that multiply() needs for a right matrix of n columns.
[[nodiscard]] std::size_t multiply_scratch_floats(std::size_t n);

// left [m, k] · right [k, n] (+ bias [n]) -> out [m, n], on the calling thread. scratch: 64-byte aligned. The
// bits depend on the values of right alone, not on how they are stored.
void multiply(MatrixView<const float> left, const WeightView& right, std::span<const float> bias, Onto onto,
              MatrixView<float> out, float* scratch);
inline void multiply(MatrixView<const float> left, MatrixView<const float> right, std::span<const float> bias,
                     Onto onto, MatrixView<float> out, float* scratch) {
  multiply(left, WeightView(right), bias, onto, out, scratch);
}

}  // namespace penfield::numeric
