// A set of label vectors over the items of an exchange, one for each permutation, one bit a label.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"

namespace penfield::permutation {

class PermutedLabels {
 public:
  // Draws each permutation independently and uniformly from all that `exchange` allows. The same seed gives
  // the same labels on every platform, and a longer set begins with the shorter one.
  [[nodiscard]] static PermutedLabels draw(const Exchange& exchange, std::size_t n_permutations,
                                           std::uint64_t seed);
  // From given labels [n_permutations, n_items], 0 or 1.
  [[nodiscard]] static PermutedLabels of(MatrixView<const std::uint8_t> labels);

  [[nodiscard]] std::size_t n_permutations() const { return n_permutations_; }
  [[nodiscard]] std::size_t n_items() const { return n_items_; }
  [[nodiscard]] bool is_target(std::size_t permutation, std::size_t item) const {
    return (words_[permutation * n_words_ + item / 64] >> (item % 64) & 1u) != 0;
  }

 private:
  PermutedLabels(std::size_t n_permutations, std::size_t n_items);
  void set(std::size_t permutation, std::span<const std::uint8_t> labels);

  std::size_t n_permutations_ = 0, n_items_ = 0, n_words_ = 0;
  std::vector<std::uint64_t> words_;  // [n_permutations, n_words]
};

}  // namespace penfield::permutation
