#include "penfield/model/buffers.h"

#include <algorithm>

#include "penfield/base/check.h"
#include "penfield/numeric/matmul.h"

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
  [[nodiscard]] std::size_t n_floats() const { return n_floats_; }

  PerThread per_thread(const Gpt2Config& config, std::size_t max_rows) {
    const std::size_t n_tokens = std::min<std::size_t>(max_rows, config.n_positions);
    const std::size_t width = numeric::panel_cols();
    PerThread thread;
    thread.packed = floats(numeric::multiply_scratch_floats(kTileCols));
    thread.packed_keys = floats(numeric::packed_floats(config.d_head(), n_tokens));
    thread.packed_values = floats(numeric::packed_floats(n_tokens, config.d_head()));
    thread.scores = matrix(kQueryRows, (n_tokens + width - 1) / width * width);
    return thread;
  }

 private:
  float* memory_;
  std::size_t n_floats_ = 0;
};

std::uint64_t ForwardBuffers::bytes(const Gpt2Config& config, std::size_t max_rows, int n_threads) {
  Layout layout(nullptr);
  for (const std::size_t cols :
       {config.n_embd, config.n_embd, 3 * config.n_embd, config.n_embd, config.n_inner, config.n_inner}) {
    layout.matrix(max_rows, cols);
  }
  for (int thread = 0; thread < n_threads; ++thread) layout.per_thread(config, max_rows);
  return layout.n_floats() * sizeof(float);
}

ForwardBuffers::ForwardBuffers(const Gpt2Config& config, std::size_t max_rows, int n_threads)
    : max_rows_(max_rows) {
  memory_.reset(static_cast<float*>(std::aligned_alloc(64, bytes(config, max_rows, n_threads))));
  PENFIELD_CHECK(memory_ != nullptr);
  Layout layout(memory_.get());
  residual = layout.matrix(max_rows, config.n_embd);
  norm = layout.matrix(max_rows, config.n_embd);
  qkv = layout.matrix(max_rows, 3 * std::size_t{config.n_embd});
  attended = layout.matrix(max_rows, config.n_embd);
  mlp_pre = layout.matrix(max_rows, config.n_inner);
  mlp_post = layout.matrix(max_rows, config.n_inner);
  for (int thread = 0; thread < n_threads; ++thread) threads.push_back(layout.per_thread(config, max_rows));
}

}  // namespace penfield::model
