#include "penfield/model/forward_pass.h"

#include <algorithm>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/model/attention.h"
#include "penfield/numeric/activation.h"
#include "penfield/numeric/layer_norm.h"
#include "penfield/numeric/matmul.h"
#include "penfield/numeric/matmul_bf16.h"

namespace penfield::model {
namespace {

using numeric::Onto;
using numeric::Precision;

// Rows of one task of work row by row.
constexpr std::size_t kNormRows = 16;

// How a product [rows, cols] is cut into tasks.
struct Tiling {
  std::size_t rows, cols;

  // Every task packs its columns of the weights anew, so a task takes as many rows as leaves four tasks a
  // thread. No bit depends on the choice (numeric/matmul.h). Multiples of 12: what the kernel takes at once.
  static Tiling of(std::size_t n_rows, std::size_t n_cols) {
    Tiling tiling{1032, n_cols >= 1024 ? kTileCols : kTileCols / 2};
    const std::size_t n_col_tiles = (n_cols + tiling.cols - 1) / tiling.cols;
    while (tiling.rows > 132 && n_col_tiles * ((n_rows + tiling.rows - 1) / tiling.rows) <
                                    4 * static_cast<std::size_t>(n_threads())) {
      tiling.rows = tiling.rows / 24 * 12;
    }
    return tiling;
  }
};

}  // namespace

ForwardPass::ForwardPass(const Architecture& architecture, const Weights& weights,
                         numeric::Precision precision, std::span<const Sequence> sequences,
                         ForwardBuffers& buffers)
    : architecture_(architecture), weights_(weights), precision_(precision), buffers_(buffers) {
  for (const Sequence& sequence : sequences) {
    sequences_.push_back({n_rows_, sequence.size()});
    n_rows_ += sequence.size();
  }
  PENFIELD_CHECK(n_rows_ <= buffers.max_rows());
  PENFIELD_CHECK(static_cast<std::size_t>(n_threads()) <= buffers.threads.size());
}

void ForwardPass::embed(std::span<const Sequence> sequences) {
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    for (std::size_t t = 0; t < sequences[s].size(); ++t) {
      const auto token = weights_.token_embedding().row(static_cast<std::size_t>(sequences[s][t]));
      const auto position = weights_.position_embedding().row(t);
      const auto out = buffers_.residual.row(sequences_[s].first + t);
      std::transform(token.begin(), token.end(), position.begin(), out.begin(), std::plus<>());
    }
  }
}

// Where products take bfloat16, norm becomes what they take, so that a tap shows what a site was made of.
void ForwardPass::normalise(const Norm& norm, Round round) {
  const bool rounds = round == Round::kForProduct && precision_ == Precision::kBfloat16;
  parallel_for((n_rows_ + kNormRows - 1) / kNormRows, [&](std::size_t task, int) {
    const std::size_t first = task * kNormRows;
    for (std::size_t row = first; row < std::min(first + kNormRows, n_rows_); ++row) {
      numeric::layer_norm(buffers_.residual.row(row), norm.gain, norm.shift, architecture_.norm.epsilon,
                          buffers_.norm.row(row));
      if (!rounds) continue;
      numeric::round_to_bfloat16(buffers_.norm.row(row), buffers_.rounded.row(row).data());
      numeric::widen(buffers_.rounded.row(row).data(), buffers_.norm.row(row));
    }
  });
}

void ForwardPass::project(const MatrixView<float>& x, const MatrixView<numeric::Bfloat16>& rounded,
                          const Linear& linear, Onto onto, const MatrixView<float>& out,
                          const TileDone& done) {
  const std::size_t n_cols = linear.matrix.cols;
  const Tiling tiling = Tiling::of(n_rows_, n_cols);
  const std::size_t n_col_tiles = (n_cols + tiling.cols - 1) / tiling.cols;
  const std::size_t n_row_tiles = (n_rows_ + tiling.rows - 1) / tiling.rows;
  parallel_for(n_col_tiles * n_row_tiles, [&](std::size_t tile, int thread) {
    const std::size_t row = tile % n_row_tiles * tiling.rows;
    const std::size_t col = tile / n_row_tiles * tiling.cols;
    const std::size_t rows = std::min(tiling.rows, n_rows_ - row);
    const std::size_t cols = std::min(tiling.cols, n_cols - col);
    const auto matrix = linear.matrix.block(0, linear.matrix.rows, col, cols);
    const auto bias = linear.bias.subspan(col, cols);
    const auto tile_out = out.block(row, rows, col, cols);
    const ForwardBuffers::PerThread& scratch = buffers_.threads[static_cast<std::size_t>(thread)];
    if (precision_ == Precision::kBfloat16) {
      numeric::multiply_bf16(rounded.block(row, rows, 0, rounded.cols), matrix, bias, onto, tile_out,
                             scratch.packed_pairs);
    } else {
      numeric::multiply(x.block(row, rows, 0, x.cols), matrix, bias, onto, tile_out, scratch.packed);
    }
    if (done) done(row, rows, col, cols);
  });
}

void ForwardPass::attention_in(std::uint32_t layer) {
  normalise(weights_.block(layer).ln_1, Round::kForProduct);
  project(buffers_.norm, buffers_.rounded, weights_.block(layer).attn_in, Onto::kNothing, buffers_.qkv);
}

void ForwardPass::attention_out(std::uint32_t layer) {
  const std::size_t width = architecture_.width;
  const std::size_t d_head = architecture_.attention.d_head;
  const float scale = architecture_.layers[layer].score_scale;
  parallel_for(sequences_.size() * architecture_.attention.n_heads, [&](std::size_t task, int thread) {
    const SequenceRows& sequence = sequences_[task / architecture_.attention.n_heads];
    const std::size_t col = task % architecture_.attention.n_heads * d_head;
    const auto head = [&](const MatrixView<float>& of, std::size_t at) {
      return of.block(sequence.first, sequence.n_rows, at + col, d_head);
    };
    attend(head(buffers_.qkv, 0), head(buffers_.qkv, width), head(buffers_.qkv, 2 * width), scale,
           buffers_.threads[static_cast<std::size_t>(thread)], head(buffers_.attended, 0));
  });
  if (precision_ == Precision::kBfloat16) {
    parallel_for((n_rows_ + kNormRows - 1) / kNormRows, [&](std::size_t task, int) {
      const std::size_t first = task * kNormRows;
      for (std::size_t row = first; row < std::min(first + kNormRows, n_rows_); ++row) {
        numeric::round_to_bfloat16(buffers_.attended.row(row), buffers_.rounded.row(row).data());
      }
    });
  }
  project(buffers_.attended, buffers_.rounded, weights_.block(layer).attn_out, Onto::kOut, buffers_.residual);
}

void ForwardPass::mlp_in(std::uint32_t layer, Mlp upto) {
  normalise(weights_.block(layer).ln_2, Round::kForProduct);
  const bool rounds = precision_ == Precision::kBfloat16;
  const TileDone activate_tile = [&](std::size_t row, std::size_t n_rows, std::size_t col,
                                     std::size_t n_cols) {
    for (std::size_t r = row; r < row + n_rows; ++r) {
      const auto post = buffers_.mlp_post.row(r).subspan(col, n_cols);
      numeric::activate(architecture_.mlp.activation, buffers_.mlp_pre.row(r).subspan(col, n_cols), post);
      // The odd value that may follow is the padding's: tiles begin at even columns.
      if (rounds) numeric::round_to_bfloat16(post, buffers_.rounded_post.row(r).data() + col);
    }
  };
  project(buffers_.norm, buffers_.rounded, weights_.block(layer).mlp_in, Onto::kNothing, buffers_.mlp_pre,
          upto == Mlp::kPreAndPost ? activate_tile : TileDone());
}

void ForwardPass::mlp_out(std::uint32_t layer) {
  project(buffers_.mlp_post, buffers_.rounded_post, weights_.block(layer).mlp_out, Onto::kOut,
          buffers_.residual);
}

void ForwardPass::final_norm() {
  normalise(weights_.final_norm(), Round::kNever);
}

}  // namespace penfield::model
