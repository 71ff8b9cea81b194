// One pass over some sequences: the order of operations, as steps over the buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "penfield/model/model.h"
#include "penfield/model/sites.h"
#include "penfield/numeric/matmul.h"

namespace penfield::model {

// Rows first … first + n_rows − 1 of the buffers are one sequence.
struct SequenceRows {
  std::size_t first = 0;
  std::size_t n_rows = 0;
};

// What of a block is computed; all of it by default.
class ForwardPass {
 public:
  // The sequences have been checked: see Model::forward.
  ForwardPass(const Architecture& architecture, const Weights& weights, numeric::Precision precision,
              std::span<const Sequence> sequences, ForwardBuffers& buffers);

  // residual = scale · token embedding + position embedding
  void embed(std::span<const Sequence> sequences);

  // One block; tap(site, values) is called for every site as it is made, `buffers.norm` being what its
  // product read.
  using SiteTap = std::function<void(Site site, const MatrixView<float>& values)>;
  void run_block(std::uint32_t layer, const BlockParts& parts, const SiteTap& tap = {});

  // norm = final norm of residual, never rounded
  void final_norm();

  // The rows of this pass of one of the buffers' matrices.
  [[nodiscard]] MatrixView<float> rows(const MatrixView<float>& buffer) const {
    return buffer.block(0, n_rows_, 0, buffer.cols);
  }

 private:
  // query, key, value = products of norm, the norm before attention
  void attention_in(const Block& block);
  // attended = causal attention, head by head, of normalised and turned queries and keys
  void attend_all(const Block& block, const LayerSpec& layer);
  void attention_out(const Block& block);
  // gate, up = products of norm, the norm before the MLP; post = activation(gate) · up or activation(up)
  void mlp_in(const Block& block, const BlockParts& parts);
  void mlp_out(const Block& block);

  // One row of a norm; an absent norm copies.
  void normalise(const Norm& norm, std::span<const float> in, std::span<float> out) const;
  // norm = norm of residual. Where products take bfloat16, norm becomes what they take, so that a tap shows
  // what a site was made of.
  void normalise_input(const Norm& norm);
  void normalise_heads(const Norm& norm, const MatrixView<float>& heads);
  void turn_heads(const RotaryTable& table, const MatrixView<float>& heads);
  // residual += x · linear, or += its norm where one follows
  void add_branch(const MatrixView<float>& x, const MatrixView<numeric::Bfloat16>& rounded,
                  const Linear& linear, const Norm& norm);
  void round_rows(const MatrixView<float>& from, const MatrixView<numeric::Bfloat16>& to);

  // out (+)= x · linear.matrix + bias, in tiles; done(tile) follows each at once, while it is in the cache.
  // x: of one row a row of the pass; with Precision::kBfloat16 its bfloat16s, `rounded`, are taken.
  using TileDone = std::function<void(std::size_t first_row, std::size_t n_rows, std::size_t first_col,
                                      std::size_t n_cols)>;
  void project(const MatrixView<float>& x, const MatrixView<numeric::Bfloat16>& rounded, const Linear& linear,
               numeric::Onto onto, const MatrixView<float>& out, const TileDone& done = {});
  // body(row) for every row of the pass, some rows a task.
  void for_each_row(const std::function<void(std::size_t row)>& body) const;

  const Architecture& architecture_;
  const Weights& weights_;
  numeric::Precision precision_;
  ForwardBuffers& buffers_;
  std::vector<SequenceRows> sequences_;
  std::size_t n_rows_ = 0;
};

}  // namespace penfield::model
