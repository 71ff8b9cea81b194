// What may change places when labels are permuted: the design of a permutation test.
//
// A test is exact under permutations that leave the joint distribution of the data as it is when the labels
// have nothing to do with them. Samples that belong together (uses of one word, tokens of one document) are
// alike, so their labels may not be dealt out as if they were independent. Samples come in blocks:
//
//   * A block that holds both labels keeps its numbers of them, and they are shuffled within it: uses of one
//     word are compared with each other.
//   * A block of one label (most words are always or never targets) cannot be shuffled within. Such blocks
//     are exchanged as wholes: their labels are shuffled among them, and all samples of a block change label
//     together. A word that comes ten times is then one observation, not ten.
//   * Where all whole blocks have the same label, nothing can be exchanged among them; they are left out.
//
// Without blocks every sample is on its own and all change places freely.
//
// What moves as one is an item; items that change places with each other are a stratum.
// Sources: Westfall & Young 1993; restricted and whole-block exchange: Winkler, Webster, Vidaurre, Nichols &
// Smith 2015, NeuroImage 123:253.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace penfield::permutation {

struct Exchange {
  static constexpr std::uint32_t kFixed = std::numeric_limits<std::uint32_t>::max();

  std::vector<std::uint32_t> item_of_sample;     // [n_samples]; kFixed: takes no part
  std::vector<std::uint32_t> n_samples_of_item;  // [n_items]
  std::vector<std::uint8_t> label_of_item;       // [n_items], 0 or 1
  std::vector<std::uint32_t> first_of_stratum;   // [n_strata + 1]: items of a stratum stand together
  // Blocks by what becomes of them.
  std::uint64_t n_blocks_within = 0, n_blocks_whole = 0, n_blocks_fixed = 0;
  std::uint64_t n_samples_fixed = 0;

  [[nodiscard]] std::size_t n_items() const { return label_of_item.size(); }
  [[nodiscard]] std::size_t n_strata() const { return first_of_stratum.size() - 1; }
};

// labels  [n_samples], 0 or 1, both present.
[[nodiscard]] Exchange exchange_freely(std::span<const std::uint8_t> labels);

// block_of_sample  [n_samples], any numbers: equal ones are a block. The design may have no item at all,
// where no block has both labels and all have the same.
[[nodiscard]] Exchange exchange_within(std::span<const std::uint8_t> labels,
                                       std::span<const std::uint32_t> block_of_sample);

// log10 of the number of different label vectors that the exchange can make, the given one included; 0 where
// nothing moves.
[[nodiscard]] double log10_arrangements(const Exchange& exchange);

// −log10 of the least p of a two-sided test by all arrangements: the share of them that reach the statistic
// of one. Scores are about the mean of their stratum, so the arrangement with every label exchanged for the
// other has the same statistic but for its sign; it is among them where every stratum has as many items of
// one label as of the other, and then the least p is that of two.
[[nodiscard]] double neglog10_least_p(const Exchange& exchange);

}  // namespace penfield::permutation
