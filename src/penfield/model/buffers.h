// All memory of a forward pass, in one place, allocated once and used for every window.
//
// R rows (tokens of all sequences of a pass), T tokens of the longest sequence, E the model's width, F
// n_inner, Q and K the widths of all heads' queries and keys. A row is followed by kRowPadding floats of
// nothing, so that rows a power of two apart do not fall into one set of the cache. What a model does not
// need is empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "penfield/base/aligned_floats.h"
#include "penfield/base/matrix_view.h"
#include "penfield/model/architecture.h"
#include "penfield/model/rotary.h"
#include "penfield/numeric/bfloat16.h"
#include "penfield/numeric/precision.h"

namespace penfield::model {

inline constexpr std::size_t kRowPadding = 16;
// Columns of one task of a product: its part of the weights, packed, fills a quarter of a second-level cache
// of 1 MB.
inline constexpr std::size_t kTileCols = 128;
// Query rows that meet the keys together. Fewer: less work beyond the diagonal; more: longer inner loops.
inline constexpr std::size_t kQueryRows = 48;

class ForwardBuffers {
 public:
  // For passes of at most max_rows tokens in all, on at most n_threads threads.
  ForwardBuffers(const Architecture& architecture, std::size_t max_rows, int n_threads,
                 numeric::Precision precision = numeric::Precision::kFloat32);

  // What the constructor allocates.
  [[nodiscard]] static std::uint64_t bytes(const Architecture& architecture, std::size_t max_rows,
                                           int n_threads,
                                           numeric::Precision precision = numeric::Precision::kFloat32);

  [[nodiscard]] std::size_t max_rows() const { return max_rows_; }

  MatrixView<float> residual;           // [R, E]  x
  MatrixView<float> norm;               // [R, E]  what the next products read: a norm of x, or x
  MatrixView<float> query, key, value;  // [R, Q], [R, K], [R, K]
  MatrixView<float> attended;           // [R, Q]  the heads' outputs, side by side
  MatrixView<float> branch;             // [R, E]  attention's or the MLP's output, where a norm follows it
  MatrixView<float> gate, up;           // [R, F]  gate only where the MLP is gated
  MatrixView<float> post;               // [R, F]

  // With Precision::kBfloat16 alone: what the products take.
  MatrixView<numeric::Bfloat16> rounded_norm;      // [R, E]
  MatrixView<numeric::Bfloat16> rounded_attended;  // [R, Q]
  MatrixView<numeric::Bfloat16> rounded_post;      // [R, F]

  std::vector<RotaryTable> rotary;  // of Architecture::rotary, for T positions

  struct PerThread {
    float* packed = nullptr;                // weights of one task, see numeric/matmul.h
    std::uint32_t* packed_pairs = nullptr;  // the same in bfloat16: numeric/matmul_bf16.h
    float* packed_keys = nullptr;           // one head's [d_head, T]
    float* packed_values = nullptr;         // one head's [T, d_head]
    MatrixView<float> scores;               // [kQueryRows, T and up to a panel more]
  };
  std::vector<PerThread> threads;

 private:
  class Layout;
  explicit ForwardBuffers(std::size_t max_rows) : max_rows_(max_rows) {}
  void lay_out(Layout& layout, const Architecture& architecture, int n_threads, numeric::Precision precision);

  std::size_t max_rows_;
  AlignedFloats memory_;
};

}  // namespace penfield::model
