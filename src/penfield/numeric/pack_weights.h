// How a part of a WeightView comes to the loops that pack it: for matmul.cc and matmul_bf16.cc.
#pragma once

#include <algorithm>
#include <cstddef>

#include "penfield/base/matrix_view.h"
#include "penfield/numeric/weight_view.h"

namespace penfield::numeric {

// Of any target: two vectors of at most 2048 bits.
inline constexpr std::size_t kMostPanelCols = 128;
// Stored rows that are widened together, where a stored row is one of k. Even, so that pairs of rows stay
// together.
inline constexpr std::size_t kWidenRows = 16;

// Floats of the scratch `wide` for n outputs, of either order.
[[nodiscard]] constexpr std::size_t wide_floats(std::size_t n, std::size_t panel_cols) {
  return std::max(panel_cols * kWidenStep, kWidenRows * n);
}

// Rows first … first + k − 1 of a view stored [in, out]: pack(rows [some, n_out], at), `at` the first of
// them.
template <class Pack>
void pack_in_out(const WeightView& view, std::size_t first, std::size_t k, float* wide, const Pack& pack) {
  const std::byte* stored = view.data + first * view.row_bytes;
  if (view.widen == nullptr) {
    const float* values = reinterpret_cast<const float*>(stored) + view.first_output;
    pack(MatrixView<const float>(values, k, view.n_out, view.row_bytes / sizeof(float)), 0);
    return;
  }
  for (std::size_t at = 0; at < k; at += kWidenRows) {
    const std::size_t rows = std::min(kWidenRows, k - at);
    for (std::size_t r = 0; r < rows; ++r)
      view.widen(stored + (at + r) * view.row_bytes, view.first_output, view.n_out, wide + r * view.n_out);
    pack(MatrixView<const float>(wide, rows, view.n_out), at);
  }
}

// The same of a view stored [out, in], panel by panel: pack(rows, n_rows, n_values, output, at), rows[r] the
// weights at … at + n_values − 1 of output `output` + r.
template <class PackPanel>
void pack_out_in(const WeightView& view, std::size_t first, std::size_t k, std::size_t panel_cols,
                 float* wide, const PackPanel& pack) {
  const float* rows[kMostPanelCols];
  for (std::size_t output = 0; output < view.n_out; output += panel_cols) {
    const std::size_t n = std::min(panel_cols, view.n_out - output);
    if (view.widen == nullptr) {
      for (std::size_t r = 0; r < n; ++r)
        rows[r] = reinterpret_cast<const float*>(view.output_row(output + r)) + first;
      pack(rows, n, k, output, 0);
      continue;
    }
    for (std::size_t r = 0; r < n; ++r) rows[r] = wide + r * kWidenStep;
    for (std::size_t at = 0; at < k; at += kWidenStep) {
      const std::size_t n_values = std::min(kWidenStep, k - at);
      for (std::size_t r = 0; r < n; ++r)
        view.widen(view.output_row(output + r), first + at, n_values, wide + r * kWidenStep);
      pack(rows, n, n_values, output, at);
    }
  }
}

}  // namespace penfield::numeric
