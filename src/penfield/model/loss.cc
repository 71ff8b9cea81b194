// The loss of every token: the logits are formed a tile at a time and only their log-sum-exp is kept.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/model/forward_pass.h"
#include "penfield/numeric/matmul.h"
#include "penfield/numeric/softmax.h"

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

// losses[i] = log Σ_v exp(logit_v) − logit_next(i), logits of the rows of x [n, E], capped where cap is
// given.
void losses_of_rows(MatrixView<const float> x, const numeric::WeightView& matrix, std::optional<float> cap,
                    std::span<const TokenId> next, std::span<double> losses) {
  std::vector<LogSumExp> totals(x.rows);
  std::vector<float> logits_memory(x.rows * kLossCols);
  const AlignedFloats scratch = allocate_aligned(numeric::multiply_scratch_floats(kLossCols));
  for (std::size_t first = 0; first < matrix.n_out; first += kLossCols) {
    const std::size_t cols = std::min(kLossCols, matrix.n_out - first);
    const MatrixView<float> logits(logits_memory.data(), x.rows, cols);
    numeric::multiply(x, matrix.outputs(first, cols), {}, numeric::Onto::kNothing, logits, scratch.get());
    for (std::size_t row = 0; row < x.rows; ++row) {
      if (cap) numeric::soft_cap(logits.row(row), 1, *cap);
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
  if (!weights_->logits().is_present()) {
    return bad_input(
        "{}: has no matrix of logits, and config.json does not tie it to the token embedding; a loss needs "
        "one",
        weights_->files().front().path());
  }
  ForwardPass pass(architecture_, *weights_, precision_, {&sequence, 1}, buffers);
  pass.embed({&sequence, 1});
  for (std::uint32_t layer = 0; layer < architecture_.n_layers(); ++layer) pass.run_block(layer, {});
  pass.final_norm();
  std::vector<double> losses(sequence.size() - 1);
  parallel_for((losses.size() + kLossRows - 1) / kLossRows, [&](std::size_t task, int) {
    const std::size_t first = task * kLossRows;
    const std::size_t rows = std::min(kLossRows, losses.size() - first);
    losses_of_rows(buffers.norm.block(first, rows, 0, architecture_.width), weights_->logits(),
                   architecture_.logit_cap, sequence.subspan(first + 1, rows),
                   std::span(losses).subspan(first, rows));
  });
  return losses;
}

}  // namespace penfield::model
