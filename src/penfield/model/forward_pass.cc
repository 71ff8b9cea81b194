#include "penfield/model/forward_pass.h"

#include <algorithm>
#include <functional>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/model/attention.h"
#include "penfield/numeric/activation.h"
#include "penfield/numeric/layer_norm.h"
#include "penfield/numeric/matmul.h"
#include "penfield/numeric/matmul_bf16.h"
#include "penfield/numeric/rms_norm.h"

namespace penfield::model {
namespace {

using numeric::Onto;
using numeric::Precision;

// Rows of one task of work row by row.
constexpr std::size_t kTaskRows = 16;

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
  const float scale = architecture_.embedding_scale;
  std::vector<float> position(architecture_.learned_positions ? architecture_.width : 0);
  for (std::size_t s = 0; s < sequences.size(); ++s) {
    for (std::size_t t = 0; t < sequences[s].size(); ++t) {
      const auto out = buffers_.residual.row(sequences_[s].first + t);
      weights_.token_embedding().read_output(static_cast<std::size_t>(sequences[s][t]), out);
      if (scale != 1) std::ranges::transform(out, out.begin(), [&](float x) { return x * scale; });
      if (position.empty()) continue;
      weights_.position_embedding().read_output(t + architecture_.first_position, position);
      std::transform(out.begin(), out.end(), position.begin(), out.begin(), std::plus<>());
    }
  }
}

void ForwardPass::run_block(std::uint32_t layer, const BlockParts& parts, const SiteTap& tap) {
  const Block& block = weights_.block(layer);
  const auto show = [&](Site site, const MatrixView<float>& values) {
    if (tap) tap(site, rows(values));
  };
  attention_in(block);
  show(Site::kAttnQ, buffers_.query);
  show(Site::kAttnK, buffers_.key);
  show(Site::kAttnV, buffers_.value);
  // In parallel blocks the MLP reads the stream as it was before attention.
  const bool is_parallel = architecture_.residual == Residual::kParallel;
  if (parts.attention) attend_all(block, architecture_.layers[layer]);
  if (parts.attention && !is_parallel) {
    attention_out(block);
    show(Site::kResidMid, buffers_.residual);
  }
  if (parts.gate || parts.up || parts.post) {
    mlp_in(block, parts);
    if (architecture_.mlp.gated) {
      if (parts.gate) show(Site::kMlpPre, buffers_.gate);
      if (parts.up) show(Site::kMlpUp, buffers_.up);
    } else if (parts.up) {
      show(Site::kMlpPre, buffers_.up);
    }
    if (parts.post) show(Site::kMlpPost, buffers_.post);
  }
  if (!parts.output) return;
  if (is_parallel) attention_out(block);
  mlp_out(block);
  show(Site::kResid, buffers_.residual);
}

void ForwardPass::final_norm() {
  for_each_row([&](std::size_t row) {
    normalise(weights_.final_norm(), buffers_.residual.row(row), buffers_.norm.row(row));
  });
}

void ForwardPass::attention_in(const Block& block) {
  normalise_input(block.before_attention);
  project(buffers_.norm, buffers_.rounded_norm, block.query, Onto::kNothing, buffers_.query);
  project(buffers_.norm, buffers_.rounded_norm, block.key, Onto::kNothing, buffers_.key);
  project(buffers_.norm, buffers_.rounded_norm, block.value, Onto::kNothing, buffers_.value);
}

void ForwardPass::attend_all(const Block& block, const LayerSpec& layer) {
  const AttentionSpec& attention = architecture_.attention;
  const std::size_t d_head = attention.d_head, n_heads = attention.n_heads;
  const std::size_t heads_a_key = n_heads / attention.n_kv_heads;
  if (block.query_norm.is_present()) normalise_heads(block.query_norm, buffers_.query);
  if (block.key_norm.is_present()) normalise_heads(block.key_norm, buffers_.key);
  if (layer.rotary) {
    turn_heads(buffers_.rotary[*layer.rotary], buffers_.query);
    turn_heads(buffers_.rotary[*layer.rotary], buffers_.key);
  }
  parallel_for(sequences_.size() * n_heads, [&](std::size_t task, int thread) {
    const SequenceRows& sequence = sequences_[task / n_heads];
    const std::size_t head = task % n_heads, key_head = head / heads_a_key;
    const auto part = [&](const MatrixView<float>& of, std::size_t number) {
      return of.block(sequence.first, sequence.n_rows, number * d_head, d_head);
    };
    attend(part(buffers_.query, head), part(buffers_.key, key_head), part(buffers_.value, key_head), layer,
           attention.score_cap, buffers_.threads[static_cast<std::size_t>(thread)],
           part(buffers_.attended, head));
  });
  if (precision_ == Precision::kBfloat16) round_rows(buffers_.attended, buffers_.rounded_attended);
}

void ForwardPass::attention_out(const Block& block) {
  add_branch(buffers_.attended, buffers_.rounded_attended, block.attention_out, block.after_attention);
}

void ForwardPass::mlp_in(const Block& block, const BlockParts& parts) {
  normalise_input(block.before_mlp);
  const bool gated = architecture_.mlp.gated;
  const bool rounds = precision_ == Precision::kBfloat16;
  const TileDone activate_tile = [&](std::size_t row, std::size_t n_rows, std::size_t col,
                                     std::size_t n_cols) {
    for (std::size_t r = row; r < row + n_rows; ++r) {
      const auto up = buffers_.up.row(r).subspan(col, n_cols);
      const auto post = buffers_.post.row(r).subspan(col, n_cols);
      numeric::activate(architecture_.mlp.activation, gated ? buffers_.gate.row(r).subspan(col, n_cols) : up,
                        post);
      if (gated) std::transform(post.begin(), post.end(), up.begin(), post.begin(), std::multiplies<>());
      // The odd value that may follow is the padding's: tiles begin at even columns.
      if (rounds) numeric::round_to_bfloat16(post, buffers_.rounded_post.row(r).data() + col);
    }
  };
  if (gated && (parts.gate || parts.post))
    project(buffers_.norm, buffers_.rounded_norm, block.gate, Onto::kNothing, buffers_.gate);
  if (parts.up || parts.post) {
    project(buffers_.norm, buffers_.rounded_norm, block.up, Onto::kNothing, buffers_.up,
            parts.post ? activate_tile : TileDone());
  }
}

void ForwardPass::mlp_out(const Block& block) {
  add_branch(buffers_.post, buffers_.rounded_post, block.down, block.after_mlp);
}

void ForwardPass::normalise(const Norm& norm, std::span<const float> in, std::span<float> out) const {
  const NormSpec& spec = architecture_.norm;
  if (!norm.is_present()) {
    std::copy(in.begin(), in.end(), out.begin());
  } else if (spec.kind == NormSpec::Kind::kLayer) {
    numeric::layer_norm(in, norm.gain, norm.shift, spec.epsilon, out);
  } else {
    numeric::rms_norm(in, norm.gain, spec.gain_plus_one ? 1.0f : 0.0f, spec.epsilon, out);
  }
}

void ForwardPass::normalise_input(const Norm& norm) {
  for_each_row([&](std::size_t row) {
    const auto out = buffers_.norm.row(row);
    normalise(norm, buffers_.residual.row(row), out);
    if (precision_ != Precision::kBfloat16) return;
    numeric::round_to_bfloat16(out, buffers_.rounded_norm.row(row).data());
    numeric::widen(buffers_.rounded_norm.row(row).data(), out);
  });
}

void ForwardPass::normalise_heads(const Norm& norm, const MatrixView<float>& heads) {
  const std::size_t size = norm.gain.size();  // of a head, or of all
  for_each_row([&](std::size_t row) {
    for (std::size_t first = 0; first < heads.cols; first += size) {
      const auto head = heads.row(row).subspan(first, size);
      normalise(norm, head, head);
    }
  });
}

void ForwardPass::turn_heads(const RotaryTable& table, const MatrixView<float>& heads) {
  const std::size_t d_head = architecture_.attention.d_head;
  for (const SequenceRows& sequence : sequences_) {
    parallel_for((sequence.n_rows + kTaskRows - 1) / kTaskRows, [&](std::size_t task, int) {
      for (std::size_t t = task * kTaskRows; t < std::min((task + 1) * kTaskRows, sequence.n_rows); ++t) {
        const auto row = heads.row(sequence.first + t);
        for (std::size_t first = 0; first < heads.cols; first += d_head)
          turn(row.subspan(first, d_head), table.cosines.row(t), table.sines.row(t));
      }
    });
  }
}

void ForwardPass::add_branch(const MatrixView<float>& x, const MatrixView<numeric::Bfloat16>& rounded,
                             const Linear& linear, const Norm& norm) {
  if (!norm.is_present()) return project(x, rounded, linear, Onto::kOut, buffers_.residual);
  project(x, rounded, linear, Onto::kNothing, buffers_.branch);
  for_each_row([&](std::size_t row) {
    const auto branch = buffers_.branch.row(row);
    const auto stream = buffers_.residual.row(row);
    normalise(norm, branch, branch);
    std::transform(stream.begin(), stream.end(), branch.begin(), stream.begin(), std::plus<>());
  });
}

void ForwardPass::round_rows(const MatrixView<float>& from, const MatrixView<numeric::Bfloat16>& to) {
  for_each_row([&](std::size_t row) { numeric::round_to_bfloat16(from.row(row), to.row(row).data()); });
}

void ForwardPass::for_each_row(const std::function<void(std::size_t row)>& body) const {
  parallel_for((n_rows_ + kTaskRows - 1) / kTaskRows, [&](std::size_t task, int) {
    for (std::size_t row = task * kTaskRows; row < std::min((task + 1) * kTaskRows, n_rows_); ++row)
      body(row);
  });
}

void ForwardPass::project(const MatrixView<float>& x, const MatrixView<numeric::Bfloat16>& rounded,
                          const Linear& linear, Onto onto, const MatrixView<float>& out,
                          const TileDone& done) {
  const std::size_t n_cols = linear.matrix.n_out;
  const Tiling tiling = Tiling::of(n_rows_, n_cols);
  const std::size_t n_col_tiles = (n_cols + tiling.cols - 1) / tiling.cols;
  const std::size_t n_row_tiles = (n_rows_ + tiling.rows - 1) / tiling.rows;
  parallel_for(n_col_tiles * n_row_tiles, [&](std::size_t tile, int thread) {
    const std::size_t row = tile % n_row_tiles * tiling.rows;
    const std::size_t col = tile / n_row_tiles * tiling.cols;
    const std::size_t rows = std::min(tiling.rows, n_rows_ - row);
    const std::size_t cols = std::min(tiling.cols, n_cols - col);
    const numeric::WeightView matrix = linear.matrix.outputs(col, cols);
    const auto bias = linear.bias.empty() ? linear.bias : linear.bias.subspan(col, cols);
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

}  // namespace penfield::model
