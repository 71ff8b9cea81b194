#include "penfield/model/attention.h"

#include <algorithm>

#include "penfield/numeric/matmul.h"
#include "penfield/numeric/softmax.h"

namespace penfield::model {

void attend(MatrixView<const float> query, MatrixView<const float> key, MatrixView<const float> value,
            float scale, const ForwardBuffers::PerThread& scratch, MatrixView<float> out) {
  using numeric::Onto;
  const std::size_t n_tokens = query.rows;
  const std::size_t width = numeric::panel_cols();
  numeric::pack_transposed(key, scratch.packed_keys);
  numeric::pack(value, scratch.packed_values);
  for (std::size_t first = 0; first < n_tokens; first += kQueryRows) {
    const std::size_t rows = std::min(kQueryRows, n_tokens - first);
    const std::size_t n_keys = first + rows;
    // Whole panels: the columns beyond n_keys are never read.
    const MatrixView<float> scores = scratch.scores.block(0, rows, 0, (n_keys + width - 1) / width * width);
    numeric::multiply_packed(query.block(first, rows, 0, query.cols), scratch.packed_keys, query.cols, {},
                             Onto::kNothing, scores);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t n_seen = first + row + 1;
      numeric::softmax(scores.row(row).first(n_seen), scale);
      std::fill_n(scores.row(row).data() + n_seen, n_keys - n_seen, 0.0f);
    }
    numeric::multiply_packed(scores.block(0, rows, 0, n_keys), scratch.packed_values, n_tokens, {},
                             Onto::kNothing, out.block(first, rows, 0, out.cols));
  }
}

}  // namespace penfield::model
