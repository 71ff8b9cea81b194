#include "penfield/model/attention.h"

#include <algorithm>

#include "penfield/numeric/matmul.h"
#include "penfield/numeric/softmax.h"

namespace penfield::model {
namespace {

// The first key that a query sees.
std::size_t first_key(const LayerSpec& layer, std::size_t query) {
  return layer.window && query + 1 > *layer.window ? query + 1 - *layer.window : 0;
}

}  // namespace

void attend(MatrixView<const float> query, MatrixView<const float> key, MatrixView<const float> value,
            const LayerSpec& layer, std::optional<float> cap, const ForwardBuffers::PerThread& scratch,
            MatrixView<float> out) {
  using numeric::Onto;
  const std::size_t n_tokens = query.rows, d_head = query.cols;
  const std::size_t width = numeric::panel_cols();
  numeric::pack_transposed(key, scratch.packed_keys);
  numeric::pack(value, scratch.packed_values);
  for (std::size_t first = 0; first < n_tokens; first += kQueryRows) {
    const std::size_t rows = std::min(kQueryRows, n_tokens - first);
    const std::size_t end = first + rows;
    // Whole panels of keys: the columns before a query's first key and behind its last are zero or never
    // read.
    const std::size_t begin = first_key(layer, first) / width * width;
    const std::size_t n_keys = end - begin;
    const MatrixView<float> scores = scratch.scores.block(0, rows, 0, (n_keys + width - 1) / width * width);
    numeric::multiply_packed(query.block(first, rows, 0, d_head), scratch.packed_keys + begin * d_head,
                             d_head, {}, Onto::kNothing, scores);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t from = first_key(layer, first + row) - begin;
      const std::size_t n_seen = first + row + 1 - begin;
      const auto seen = scores.row(row).subspan(from, n_seen - from);
      if (cap) numeric::soft_cap(seen, layer.score_scale, *cap);
      numeric::softmax(seen, cap ? 1.0f : layer.score_scale);
      std::fill_n(scores.row(row).data(), from, 0.0f);
      std::fill_n(scores.row(row).data() + n_seen, n_keys - n_seen, 0.0f);
    }
    numeric::multiply_packed(scores.block(0, rows, 0, n_keys), scratch.packed_values + begin * width,
                             n_tokens, {}, Onto::kNothing, out.block(first, rows, 0, d_head));
  }
}

}  // namespace penfield::model
