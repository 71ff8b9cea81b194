// The loss of every token: the logits are formed a tile at a time and only their log-sum-exp is kept.
#include <algorithm>
#include <cmath>
#include <limits>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/model/forward_pass.h"
#include "penfield/numeric/matmul.h"

namespace penfield::model {
namespace {

// Running log Σ exp of a row of logits; source: Milakov & Gimelshein 2018, algorithm 3.
struct LogSumExp {
  double largest = -std::numeric_limits<double>::infinity();
  double sum = 0;  // of exp(logit − largest)

  void add(std::span<const float> logits) {
    const double before = largest;
    for (const float logit : logits) largest = std::max(largest, static_cast<double>(logit));
    sum *= std::exp(before - largest);
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - largest);
  }
  [[nodiscard]] double value() const { return largest + std::log(sum); }
};

constexpr std::size_t kLossRows = 96;
constexpr std::size_t kLossCols = 64;

// losses[i] = log Σ_v exp(x_i · matrix_v) − x_i · matrix_next(i), for the rows of x [n, E].
void losses_of_rows(MatrixView<const float> x, MatrixView<const float> matrix, std::span<const TokenId> next,
                    std::span<double> losses) {
  std::vector<LogSumExp> totals(x.rows);
  std::vector<float> logits_memory(x.rows * kLossCols);
  const AlignedFloats packed = allocate_aligned(numeric::packed_floats(x.cols, kLossCols));
  for (std::size_t first = 0; first < matrix.rows; first += kLossCols) {
    const std::size_t cols = std::min(kLossCols, matrix.rows - first);
    const MatrixView<float> logits(logits_memory.data(), x.rows, cols);
    numeric::pack_transposed(matrix.block(first, cols, 0, matrix.cols), packed.get());
    numeric::multiply_packed(x, packed.get(), x.cols, {}, numeric::Onto::kNothing, logits);
    for (std::size_t row = 0; row < x.rows; ++row) {
      totals[row].add(logits.row(row));
      const auto token = static_cast<std::size_t>(next[row]);
      if (token >= first && token < first + cols)
        losses[row] = -static_cast<double>(logits(row, token - first));
    }
  }
  for (std::size_t row = 0; row < x.rows; ++row) losses[row] += totals[row].value();
}

}  // namespace

Result<std::vector<double>> Model::next_token_losses(Sequence sequence, ForwardBuffers& buffers) const {
  PENFIELD_CHECK(sequence.size() >= 2);
  PENFIELD_TRY_VOID(check_sequences({&sequence, 1}));
  ForwardPass pass(architecture_, *weights_, precision_, {&sequence, 1}, buffers);
  pass.embed({&sequence, 1});
  for (std::uint32_t layer = 0; layer < architecture_.n_layers(); ++layer) {
    pass.attention_in(layer);
    pass.attention_out(layer);
    pass.mlp_in(layer, ForwardPass::Mlp::kPreAndPost);
    pass.mlp_out(layer);
  }
  pass.final_norm();
  std::vector<double> losses(sequence.size() - 1);
  parallel_for((losses.size() + kLossRows - 1) / kLossRows, [&](std::size_t task, int) {
    const std::size_t first = task * kLossRows;
    const std::size_t rows = std::min(kLossRows, losses.size() - first);
    losses_of_rows(buffers.norm.block(first, rows, 0, architecture_.width), weights_->logit_matrix(),
                   sequence.subspan(first + 1, rows), std::span(losses).subspan(first, rows));
  });
  return losses;
}

}  // namespace penfield::model
