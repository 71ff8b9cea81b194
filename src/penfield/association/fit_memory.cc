#include "penfield/association/fit_memory.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/label_rows.h"
#include "penfield/association/panel.h"
#include "penfield/association/score_panel.h"
#include "penfield/association/statistic_counts.h"

namespace penfield::association {

std::uint64_t fit_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes, std::uint64_t n_threads) {
  const std::uint64_t panel = (n_samples + 1) * kPanelUnits * value_bytes;
  const std::uint64_t merge = placement_scratch_size(n_samples) * value_bytes;
  const std::uint64_t radix_keys = (kRadixColumns + 1) * n_samples * value_bytes;
  const std::uint64_t plain = 6 * n_samples * sizeof(double);  // column, scaled, z, q, w, and room to grow
  return n_threads * (panel + merge + radix_keys + plain) + n_samples * sizeof(std::size_t);
}

std::uint64_t adjusted_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes,
                                     std::uint64_t n_covariates, std::uint64_t n_threads) {
  const std::uint64_t n_shared = n_covariates + 1;
  const std::uint64_t panel = n_samples * kPanelUnits * (value_bytes + sizeof(double));
  const std::uint64_t plain = n_samples * (n_shared + 4) * sizeof(double);  // z, q, leverages and all columns
  const std::uint64_t shared = n_samples * ((n_shared + 1) * sizeof(double) + sizeof(std::size_t));
  return n_threads * (panel + plain) + shared;
}

std::uint64_t permutation_bytes(std::uint64_t n_samples, std::uint64_t n_permutations,
                                std::uint64_t n_families, std::uint64_t n_columns, std::uint64_t n_threads) {
  // A column's statistic, ranks, differences of counts and row of the table; a permutation's staircase,
  // maxima and median of a family.
  constexpr std::uint64_t kColumn = 64, kPermutation = 1024;
  constexpr std::uint64_t kBand = 200 * sizeof(StatisticCounts);
  const std::uint64_t labels = n_permutations * (n_samples + 63) / 64 * sizeof(std::uint64_t);
  const std::uint64_t n_rows = std::min(n_permutations, LabelRows::group_size(n_samples));
  return labels + n_rows * n_samples * sizeof(float) + n_threads * ScorePanel::bytes(n_samples) +
         n_families * n_threads * (n_rows * kPermutation + kBand) +
         n_families * n_permutations * 4 * sizeof(double) + n_columns * kColumn;
}

bool can_be_counted(std::uint64_t n_target, std::uint64_t n_comparison) {
  const double pairs = static_cast<double>(n_target) * static_cast<double>(n_comparison);
  return pairs * static_cast<double>(std::max(n_target, n_comparison)) < std::ldexp(1.0, 62);
}

}  // namespace penfield::association
