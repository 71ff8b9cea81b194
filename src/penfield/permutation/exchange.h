// The design of a permutation test: what may be exchanged when labels are permuted.
//
// Samples that belong together (uses of one word, tokens of one document) are alike, so their labels may not
// be permuted as if they were independent. Samples come in blocks, in one of two designs:
//
//   * Every block holds both labels: the labels are permuted within each block (a stratum), each sample on
//     its own. The statistic is the score (item_scores.h), and the test is exact where labels are
//     exchangeable within a block.
//   * Some block holds one label only, as most words do: the unit of observation is the item, the samples of
//     one block and label, and what is compared are the means of items, so that a word that comes ten times
//     is one observation. The labels of items are permuted freely. Items differ in size and so in variance;
//     the statistic is therefore studentised (item_scores.h), which makes the test asymptotically exact for
//     unequal variances. Sums of items instead of means are not: with 5 words of 50 uses their family-wise
//     error is 1.
//
//
// Without blocks every sample is an item of its own, and all labels are permuted freely.
//
// In the third design nothing is exchanged and signs are flipped: where many blocks are independent of each
// other (documents), the score of each block may have either sign if the labels say nothing about the column,
// whatever the samples of a block have in common, and whether the labels vary within blocks or between them
// (Hemerik, Goeman & Finos 2020, JRSS B 82:841; with its own variance: Liu 1988's wild bootstrap).
//
// What moves as one is an item; items that change places with each other are a stratum.
// Sources: Westfall & Young 1993; exchange within blocks: Winkler, Webster, Vidaurre, Nichols & Smith 2015,
// NeuroImage 123:253; studentised permutation: Janssen 1997, Stat. Probab. Lett. 36:9; Chung & Romano 2013,
// Ann. Stat. 41:484.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace penfield::permutation {

// What is computed of the items of a column under each labelling.
enum class Statistic : std::uint8_t {
  kScore,             // the score of the samples, standardised over all permutations
  kStudentisedMeans,  // Welch's t of the means of items
  kSignFlips,         // the sum of the scores of blocks, each with its own sign
};

struct Exchange {
  std::vector<std::uint32_t> item_of_sample;     // [n_samples]
  std::vector<std::uint32_t> n_samples_of_item;  // [n_items]
  std::vector<std::uint8_t> label_of_item;       // [n_items], 0 or 1
  std::vector<std::uint32_t> first_of_stratum;   // [n_strata + 1]: items of a stratum are contiguous
  Statistic statistic = Statistic::kScore;
  // [n_samples] label − mean label; only for Statistic::kSignFlips, whose items are the blocks and, last, one
  // of no samples (item_scores.h), and whose label_of_item is 1 where a block keeps its sign.
  std::vector<double> weight_of_sample = {};

  // Blocks with both labels, and blocks with one.
  std::uint64_t n_blocks_mixed = 0, n_blocks_pure = 0;
  // Items of each label; only for Statistic::kStudentisedMeans.
  std::size_t n_target_items = 0, n_comparison_items = 0;

  [[nodiscard]] std::size_t n_items() const { return label_of_item.size(); }
  [[nodiscard]] std::size_t n_strata() const { return first_of_stratum.size() - 1; }
};

// labels  [n_samples], 0 or 1, both present.
[[nodiscard]] Exchange exchange_freely(std::span<const std::uint8_t> labels);

// block_of_sample  [n_samples], any numbers; equal numbers form a block.
[[nodiscard]] Exchange exchange_within(std::span<const std::uint8_t> labels,
                                       std::span<const std::uint32_t> block_of_sample);

// As exchange_within where a block has a single label: an item is the samples of a block that have one label,
// a block with both labels gives two, and the statistic is that of their means. With strata, items change
// places within their stratum only: what differs between strata, as the frequency of words does, can then
// make no difference.
//   stratum_of_sample  [n_samples], the same for all samples of a block; empty: one stratum
[[nodiscard]] Exchange exchange_means(std::span<const std::uint8_t> labels,
                                      std::span<const std::uint32_t> block_of_sample,
                                      std::span<const std::uint32_t> stratum_of_sample = {});

// Fewest blocks for which signs are flipped: the statistic is at most the root of their number, and with
// fewer hardly any unit could be beyond the largest of thousands of units.
inline constexpr std::size_t kFewestFlips = 20;
[[nodiscard]] Exchange flip_signs(std::span<const std::uint8_t> labels,
                                  std::span<const std::uint32_t> block_of_sample);

// Fewest items of a label for which a studentised permutation is made.
inline constexpr std::size_t kFewestItems = 5;
[[nodiscard]] bool has_too_few_items(const Exchange& exchange);

// log10 of the number of different label vectors that the exchange can produce, including the observed one; 0
// if nothing can be exchanged.
[[nodiscard]] double log10_arrangements(const Exchange& exchange);

// −log10 of the smallest p of a two-sided test over all arrangements: the share of them that reach the
// largest statistic. Swapping all labels changes only the sign of the statistic. If every stratum has equally
// many items of each label, the swapped arrangement is possible too, and the smallest p is that of two
// arrangements.
[[nodiscard]] double neglog10_least_p(const Exchange& exchange);

}  // namespace penfield::permutation
