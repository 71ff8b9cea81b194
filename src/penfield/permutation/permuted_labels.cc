#include "penfield/permutation/permuted_labels.h"

#include "penfield/base/random.h"

namespace penfield::permutation {
namespace {

constexpr std::uint64_t kPermutationStream = 0x7065726d75746500;

}  // namespace

PermutedLabels::PermutedLabels(std::size_t n_permutations, std::size_t n_items)
    : n_permutations_(n_permutations),
      n_items_(n_items),
      n_words_((n_items + 63) / 64),
      words_(n_permutations * n_words_) {}

void PermutedLabels::set(std::size_t permutation, std::span<const std::uint8_t> labels) {
  for (std::size_t item = 0; item < labels.size(); ++item) {
    words_[permutation * n_words_ + item / 64] |= std::uint64_t{labels[item] != 0} << (item % 64);
  }
}

PermutedLabels PermutedLabels::draw(const Exchange& exchange, std::size_t n_permutations,
                                    std::uint64_t seed) {
  PermutedLabels out(n_permutations, exchange.n_items());
  Random random = Random::stream(seed, kPermutationStream);
  std::vector<std::uint8_t> labels = exchange.label_of_item;
  for (std::size_t permutation = 0; permutation < n_permutations; ++permutation) {
    if (exchange.statistic == Statistic::kSignFlips) {
      for (std::size_t k = 0; k + 1 < labels.size(); ++k)
        labels[k] = static_cast<std::uint8_t>(random.below(2));
      out.set(permutation, labels);
      continue;
    }
    for (std::size_t g = 0; g < exchange.n_strata(); ++g) {
      const std::size_t first = exchange.first_of_stratum[g];
      random.shuffle(std::span(labels).subspan(first, exchange.first_of_stratum[g + 1] - first));
    }
    out.set(permutation, labels);
  }
  return out;
}

PermutedLabels PermutedLabels::of(MatrixView<const std::uint8_t> labels) {
  PermutedLabels out(labels.rows, labels.cols);
  for (std::size_t permutation = 0; permutation < labels.rows; ++permutation)
    out.set(permutation, labels.row(permutation));
  return out;
}

}  // namespace penfield::permutation
