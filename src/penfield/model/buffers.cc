#include "penfield/model/buffers.h"

#include <algorithm>

#include "penfield/numeric/matmul.h"
#include "penfield/numeric/matmul_bf16.h"

namespace penfield::model {

// Hands out pieces of one block of memory, each at a multiple of 64 bytes; without memory it only counts.
class ForwardBuffers::Layout {
 public:
  explicit Layout(float* memory) : memory_(memory) {}

  float* floats(std::size_t n) {
    constexpr std::size_t kLine = 64 / sizeof(float);
    float* piece = memory_ == nullptr ? nullptr : memory_ + n_floats_;
    n_floats_ += (n + kLine - 1) / kLine * kLine;
    return piece;
  }
  MatrixView<float> matrix(std::size_t rows, std::size_t cols) {
    constexpr std::size_t kLine = 64 / sizeof(float);
    const std::size_t stride = (cols + kLine - 1) / kLine * kLine + kRowPadding;
    return {floats(rows * stride), rows, cols, stride};
  }
  // Two values a float.
  MatrixView<numeric::Bfloat16> rounded(std::size_t rows, std::size_t cols) {
    const MatrixView<float> memory = matrix(rows, (cols + 1) / 2);
    return {reinterpret_cast<numeric::Bfloat16*>(memory.data), rows, cols, 2 * memory.stride};
  }
  [[nodiscard]] std::size_t n_floats() const { return n_floats_; }

  PerThread per_thread(const Architecture& architecture, std::size_t max_rows, numeric::Precision precision) {
    const std::size_t n_tokens = std::min<std::size_t>(max_rows, architecture.n_positions);
    const std::size_t width = numeric::panel_cols();
    PerThread thread;
    if (precision == numeric::Precision::kBfloat16) {
      thread.packed_pairs =
          reinterpret_cast<std::uint32_t*>(floats(numeric::multiply_bf16_scratch_pairs(kTileCols)));
    } else {
      thread.packed = floats(numeric::multiply_scratch_floats(kTileCols));
    }
    thread.packed_keys = floats(numeric::packed_floats(architecture.attention.d_head, n_tokens));
    thread.packed_values = floats(numeric::packed_floats(n_tokens, architecture.attention.d_head));
    thread.scores = matrix(kQueryRows, (n_tokens + width - 1) / width * width);
    return thread;
  }

 private:
  float* memory_;
  std::size_t n_floats_ = 0;
};

void ForwardBuffers::lay_out(Layout& layout, const Architecture& architecture, int n_threads,
                             numeric::Precision precision) {
  const AttentionSpec& attention = architecture.attention;
  const std::size_t queries = std::size_t{attention.n_heads} * attention.d_head;
  const std::size_t keys = std::size_t{attention.n_kv_heads} * attention.d_head;
  residual = layout.matrix(max_rows_, architecture.width);
  norm = layout.matrix(max_rows_, architecture.width);
  query = layout.matrix(max_rows_, queries);
  key = layout.matrix(max_rows_, keys);
  value = layout.matrix(max_rows_, keys);
  attended = layout.matrix(max_rows_, queries);
  branch = layout.matrix(max_rows_, architecture.width);
  if (architecture.mlp.gated) gate = layout.matrix(max_rows_, architecture.mlp.n_inner);
  up = layout.matrix(max_rows_, architecture.mlp.n_inner);
  post = layout.matrix(max_rows_, architecture.mlp.n_inner);
  if (precision == numeric::Precision::kBfloat16) {
    rounded_norm = layout.rounded(max_rows_, architecture.width);
    rounded_attended = layout.rounded(max_rows_, queries);
    rounded_post = layout.rounded(max_rows_, architecture.mlp.n_inner);
  }
  const std::size_t n_positions = std::min<std::size_t>(max_rows_, architecture.n_positions);
  for (const RotarySpec& spec : architecture.rotary) {
    const std::size_t half = spec.frequencies.size();
    rotary.push_back({layout.matrix(n_positions, half), layout.matrix(n_positions, half)});
  }
  for (int thread = 0; thread < n_threads; ++thread) {
    threads.push_back(layout.per_thread(architecture, max_rows_, precision));
  }
}

std::uint64_t ForwardBuffers::bytes(const Architecture& architecture, std::size_t max_rows, int n_threads,
                                    numeric::Precision precision) {
  Layout layout(nullptr);
  ForwardBuffers(max_rows).lay_out(layout, architecture, n_threads, precision);
  return layout.n_floats() * sizeof(float);
}

ForwardBuffers::ForwardBuffers(const Architecture& architecture, std::size_t max_rows, int n_threads,
                               numeric::Precision precision)
    : ForwardBuffers(max_rows) {
  memory_ = allocate_aligned(bytes(architecture, max_rows, n_threads, precision) / sizeof(float));
  Layout layout(memory_.get());
  lay_out(layout, architecture, n_threads, precision);
  for (std::size_t i = 0; i < rotary.size(); ++i) fill_table(architecture.rotary[i], rotary[i]);
}

}  // namespace penfield::model
