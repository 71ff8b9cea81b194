#include "penfield/numeric/weight_view.h"

#include <algorithm>

#include "penfield/base/check.h"

namespace penfield::numeric {

WeightView::WeightView(MatrixView<const float> matrix)
    : data(reinterpret_cast<const std::byte*>(matrix.data)),
      n_in(matrix.rows),
      n_out(matrix.cols),
      row_bytes(matrix.stride * sizeof(float)) {}

WeightView WeightView::outputs(std::size_t first, std::size_t n) const {
  PENFIELD_CHECK(first <= n_out && n <= n_out - first);
  WeightView part = *this;
  part.first_output += first;
  part.n_out = n;
  return part;
}

const std::byte* WeightView::output_row(std::size_t output) const {
  std::size_t row = first_output + output;
  if (group > 0) {
    std::size_t place = row % group;
    if (interleaved) place = place < group / 2 ? 2 * place : 2 * (place - group / 2) + 1;
    row = row / group * group_step + place;
  }
  return data + row * row_bytes;
}

void WeightView::read_output(std::size_t output, std::span<float> weights) const {
  PENFIELD_CHECK(output < n_out && weights.size() == n_in);
  if (order == Order::kOutIn) {
    const std::byte* row = output_row(output);
    if (widen != nullptr) return widen(row, 0, n_in, weights.data());
    std::copy_n(reinterpret_cast<const float*>(row), n_in, weights.data());
    return;
  }
  for (std::size_t k = 0; k < n_in; ++k) {
    const std::byte* row = data + k * row_bytes;
    if (widen != nullptr) {
      widen(row, first_output + output, 1, &weights[k]);
    } else {
      weights[k] = reinterpret_cast<const float*>(row)[first_output + output];
    }
  }
}

}  // namespace penfield::numeric
