// Permuted labels as rows of a matrix product, as many at a time as memory allows.
#pragma once

#include <cstddef>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/permuted_labels.h"

namespace penfield::permutation {

class LabelRows {
 public:
  // Both must outlive the rows.
  LabelRows(const Exchange& exchange, const PermutedLabels& permuted);
  // Number of permutations of a group.
  [[nodiscard]] static std::size_t group_size(std::size_t n_items);

  // Number of permutations that equal the observed labels, or these with the groups swapped: every column has
  // its observed statistic, so they are counted without a product.
  [[nodiscard]] std::size_t n_trivial() const { return permuted_.n_permutations() - moving_.size(); }
  [[nodiscard]] std::size_t n_groups() const;
  // [permutations of the group, n_items], 0 or 1; valid until the next call.
  [[nodiscard]] MatrixView<const float> load(std::size_t group);

 private:
  const PermutedLabels& permuted_;
  std::vector<std::size_t> moving_;
  std::size_t group_size_ = 0;
  std::vector<float> rows_;
};

}  // namespace penfield::permutation
