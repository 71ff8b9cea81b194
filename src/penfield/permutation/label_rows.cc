#include "penfield/permutation/label_rows.h"

#include <algorithm>

#include "penfield/base/check.h"

namespace penfield::permutation {
namespace {

constexpr std::size_t kMostFloats = std::size_t{1} << 25;  // 128 MB

}  // namespace

std::size_t LabelRows::group_size(std::size_t n_items) {
  return std::max(std::size_t{1}, kMostFloats / n_items);
}

LabelRows::LabelRows(const Exchange& exchange, const PermutedLabels& permuted) : permuted_(permuted) {
  PENFIELD_CHECK(exchange.n_items() > 0 && permuted.n_items() == exchange.n_items());
  for (std::size_t p = 0; p < permuted.n_permutations(); ++p) {
    std::size_t n_same = 0;
    for (std::size_t k = 0; k < exchange.n_items(); ++k)
      n_same += permuted.is_target(p, k) == (exchange.label_of_item[k] != 0);
    if (n_same > 0 && n_same < exchange.n_items()) moving_.push_back(p);
  }
  group_size_ = group_size(exchange.n_items());
}

std::size_t LabelRows::n_groups() const {
  return (moving_.size() + group_size_ - 1) / group_size_;
}

MatrixView<const float> LabelRows::load(std::size_t group) {
  const std::size_t first = group * group_size_;
  const std::size_t n = std::min(group_size_, moving_.size() - first);
  const std::size_t n_items = permuted_.n_items();
  rows_.resize(n * n_items);
  for (std::size_t p = 0; p < n; ++p) {
    for (std::size_t k = 0; k < n_items; ++k)
      rows_[p * n_items + k] = permuted_.is_target(moving_[first + p], k) ? 1.0f : 0.0f;
  }
  return {rows_.data(), n, n_items};
}

}  // namespace penfield::permutation
