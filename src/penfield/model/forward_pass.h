// One pass of GPT-2 over some sequences: the order of operations, as numbered steps over the buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "penfield/model/model.h"
#include "penfield/numeric/matmul.h"

namespace penfield::model {

// Rows first … first + n_rows − 1 of the buffers are one sequence.
struct SequenceRows {
  std::size_t first = 0;
  std::size_t n_rows = 0;
};

class ForwardPass {
 public:
  // The sequences have been checked: see Model::forward.
  ForwardPass(const Architecture& architecture, const Weights& weights, numeric::Precision precision,
              std::span<const Sequence> sequences, ForwardBuffers& buffers);

  // residual = wte[token] + wpe[position]
  void embed(std::span<const Sequence> sequences);

  // Step 1–2: norm = LN1 residual; qkv = norm · c_attn
  void attention_in(std::uint32_t layer);
  // Step 3–4: attended = causal attention, head by head; residual += attended · c_proj
  void attention_out(std::uint32_t layer);
  // Step 5: norm = LN2 residual
  // Step 6: mlp_pre = norm · c_fc and, where asked for, mlp_post = activation(mlp_pre)
  enum class Mlp { kPre, kPreAndPost };
  void mlp_in(std::uint32_t layer, Mlp upto);
  // Step 7: residual += mlp_post · c_proj
  void mlp_out(std::uint32_t layer);
  // norm = LN_f residual, never rounded
  void final_norm();

  // The rows of this pass of one of the buffers' matrices.
  [[nodiscard]] MatrixView<float> rows(const MatrixView<float>& buffer) const {
    return buffer.block(0, n_rows_, 0, buffer.cols);
  }

 private:
  enum class Round { kNever, kForProduct };
  void normalise(const Norm& norm, Round round);
  // out (+)= x · linear.matrix + bias, in tiles; done(tile) follows each at once, while it is in the cache.
  // x: of one row a row of the pass; with Precision::kBfloat16 its bfloat16s, `rounded`, are taken.
  using TileDone = std::function<void(std::size_t first_row, std::size_t n_rows, std::size_t first_col,
                                      std::size_t n_cols)>;
  void project(const MatrixView<float>& x, const MatrixView<numeric::Bfloat16>& rounded, const Linear& linear,
               numeric::Onto onto, const MatrixView<float>& out, const TileDone& done = {});

  const Architecture& architecture_;
  const Weights& weights_;
  numeric::Precision precision_;
  ForwardBuffers& buffers_;
  std::vector<SequenceRows> sequences_;
  std::size_t n_rows_ = 0;
};

}  // namespace penfield::model
