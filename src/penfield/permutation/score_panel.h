// Statistics of a panel of columns under many label vectors: item scores, packed, times rows of labels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "penfield/base/aligned_floats.h"
#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/item_scores.h"

namespace penfield::permutation {

// Columns of a panel of this exchange: 32 to 256, so that the packed item values (and, where the statistic is
// studentised, their squares) stay in the second-level cache.
[[nodiscard]] std::size_t panel_width(const Exchange& exchange);

// The scratch of one thread.
class ScorePanel {
 public:
  explicit ScorePanel(const Exchange& exchange);  // must outlive the panel
  // What a panel allocates at most, for either statistic.
  [[nodiscard]] static std::uint64_t bytes(std::size_t n_items);

  // Loads the columns of x, at most panel_width of them. Returns which are usable (item_scores).
  template <class T>
  std::vector<bool> load(MatrixView<const T> x);

  // act(row, statistics [n_columns]) for every row of labels [n, n_items], in order. A column's statistic
  // under a row is one fixed sum (numeric/matmul.h), whatever else is in the panel. Not usable: 0.
  template <class Act>
  void for_each_row(MatrixView<const float> labels, const Act& act) {
    for (std::size_t first = 0; first < labels.rows; first += kRows) {
      const std::size_t n = std::min(kRows, labels.rows - first);
      const MatrixView<float> out = multiply(labels.block(first, n, 0, labels.cols));
      for (std::size_t i = 0; i < n; ++i)
        act(first + i, static_cast<const float*>(out.data + i * out.stride));
    }
  }

 private:
  // Rows multiplied with the panel at a time: their product stays in the second-level cache.
  static constexpr std::size_t kRows = 96;

  [[nodiscard]] bool is_studentised() const { return exchange_->statistic == Statistic::kStudentisedMeans; }
  MatrixView<float> multiply(MatrixView<const float> labels);

  const Exchange* exchange_;
  std::size_t width_ = 0, n_columns_ = 0;
  ItemScratch items_;
  AlignedFloats scores_, packed_, products_;
  AlignedFloats packed_squares_, products_of_squares_;  // of a studentised statistic
};

}  // namespace penfield::permutation
