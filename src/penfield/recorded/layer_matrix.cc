#include "penfield/recorded/layer_matrix.h"

#include <algorithm>
#include <cstring>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/widen_blocks.h"

namespace penfield::recorded {
namespace {

using formats::Dtype;

// n consecutive values.
void widen_values(Dtype dtype, const std::byte* from, std::span<float> out) {
  if (dtype != Dtype::kF64) {
    const auto encoding = formats::encoding_of(dtype);
    PENFIELD_CHECK(encoding.has_value());
    return numeric::widen_run(*encoding, from, 0, out);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    double value = 0;
    std::memcpy(&value, from + i * sizeof(double), sizeof(double));
    out[i] = static_cast<float>(value);
  }
}

constexpr std::size_t kPieceUnits =
    64;  // of a matrix whose columns are contiguous, read by one thread at a time

}  // namespace

void read_rows(const LayerMatrix& matrix, std::span<const std::uint64_t> tokens, std::uint32_t first_unit,
               MatrixView<float> out) {
  PENFIELD_CHECK(out.rows == tokens.size() && first_unit + out.cols <= matrix.n_units);
  PENFIELD_CHECK(
      std::all_of(tokens.begin(), tokens.end(), [&](std::uint64_t t) { return t < matrix.n_tokens; }));
  const std::size_t size = formats::dtype_block(matrix.dtype).n_bytes;
  const auto at = [&](std::uint64_t token, std::uint64_t unit) {
    return matrix.values + (token * matrix.token_stride + unit * matrix.unit_stride) * size;
  };
  if (matrix.unit_stride == 1) {
    parallel_for(out.rows, [&](std::size_t i, int) {
      widen_values(matrix.dtype, at(tokens[i], first_unit), out.row(i));
    });
    return;
  }
  parallel_for((out.cols + kPieceUnits - 1) / kPieceUnits, [&](std::size_t piece, int) {
    const std::size_t end = std::min(out.cols, (piece + 1) * kPieceUnits);
    for (std::size_t j = piece * kPieceUnits; j < end; ++j) {
      for (std::size_t i = 0; i < out.rows; ++i)
        widen_values(matrix.dtype, at(tokens[i], first_unit + j), {&out(i, j), 1});
    }
  });
}

}  // namespace penfield::recorded
