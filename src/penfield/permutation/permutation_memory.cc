#include "penfield/permutation/permutation_memory.h"

#include <algorithm>

#include "penfield/permutation/label_rows.h"
#include "penfield/permutation/score_panel.h"
#include "penfield/permutation/statistic_counts.h"

namespace penfield::permutation {

std::uint64_t permutation_bytes(std::uint64_t n_samples, std::uint64_t n_permutations,
                                std::uint64_t n_families, std::uint64_t n_columns, std::uint64_t n_threads) {
  // A column's statistic, ranks, differences of counts and row of the table; a permutation's staircase,
  // maxima and median of a family.
  constexpr std::uint64_t kColumn = 64, kPermutation = 1024;
  constexpr std::uint64_t kBand = 200 * sizeof(StatisticCounts);
  constexpr std::uint64_t kRankBands = std::uint64_t{200} * 48 * sizeof(float);  // 6 ranks a power of ten
  const std::uint64_t labels = n_permutations * (n_samples + 63) / 64 * sizeof(std::uint64_t);
  const std::uint64_t n_rows = std::min(n_permutations, LabelRows::group_size(n_samples));
  return labels + n_rows * n_samples * sizeof(float) + n_threads * ScorePanel::bytes(n_samples) +
         n_families * n_threads * (n_rows * kPermutation + kBand) +
         n_families * (n_permutations * 4 * sizeof(double) + kRankBands) + n_columns * kColumn;
}

}  // namespace penfield::permutation
