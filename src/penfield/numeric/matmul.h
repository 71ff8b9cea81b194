// Float32 matrix products whose every element is one fixed sum.
//
// out[i][j] is a chain of multiply-adds (fused, where the processor has that) over k = 0, 1, … in that order,
// begun anew every kSumBlock terms; the blocks' sums are added in order. Nothing else (tile borders, other
// rows, threads, vector width) has any part in it, so a token's activation does not depend on which tokens
// share its pass, nor on how the work was cut.
//
// Why not a BLAS: the order of its sums depends on the shapes of both operands and on the CPU, and OpenBLAS
// 0.3.21 takes AVX2 kernels on any AMD processor younger than itself. Measured on one Zen 5 core (processor
// time), GPT-2 Medium's shapes at 1024 tokens, GFLOP/s: this 211–221, of a peak of 222; OpenBLAS 112–114,
// told to use its AVX-512 kernels 209–214; this on AVX2 109–112.
//
// Source: the loops are those of Goto & van de Geijn 2008 and of BLIS (Van Zee & van de Geijn 2015): a panel
// of the right matrix, packed, is met by a few rows of the left one, the result staying in registers.
#pragma once

#include <cstddef>
#include <span>

#include "penfield/base/matrix_view.h"
#include "penfield/numeric/weight_view.h"

namespace penfield::numeric {

// Terms of one chain. With 512 the error of a sum of 4096 terms is that of 8 sums of 512: measured 3 times
// smaller than that of one chain; and a panel of 512 rows stays in the second-level cache.
inline constexpr std::size_t kSumBlock = 512;

// Columns of the panels of this machine.
[[nodiscard]] std::size_t panel_cols();
// Floats of a packed [rows, cols] matrix: whole panels, the last one filled up with zeros.
[[nodiscard]] std::size_t packed_floats(std::size_t rows, std::size_t cols);

// right [k, n] -> panels [ceil(n / panel_cols)][k][panel_cols]. packed: 64-byte aligned, packed_floats(k, n)
// floats.
void pack(MatrixView<const float> right, float* packed);
// The same from the transposed matrix, transposed [n, k].
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

// Floats of the scratch of multiply() for a right matrix of n columns.
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
