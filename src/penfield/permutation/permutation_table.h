// Results of the permutations for one family of columns. NaN means "no value", as in fit_table.h.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace penfield::permutation {

// The most that a job may have: their labels are held in memory, a bit a sample, and their counts in 32 bits.
inline constexpr std::uint64_t kMostPermutations = 1'000'000;

// The statistics that permuted labels give at one rank: of all columns under one labelling, the largest has
// rank 1. As −log10 p: the median of the labellings, and the range of the middle 95% of them.
struct RankBand {
  std::uint64_t rank = 0;
  double lo = 0, median = 0, hi = 0;
};

struct PermutationTable {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  std::uint64_t n_permutations = 0;
  // Columns that take part: finite, and with some spread between the exchanged items.
  std::uint64_t n_tests = 0;
  // [n_columns] of the labels as they are: Mantel's M², or T² of item means (item_scores.h); NaN for columns
  // that take no part.
  std::vector<double> statistic;
  // [n_columns] permutations in which the greatest statistic of the family reaches the column's own: of all
  // columns (single step), or of the columns not above it (step down, made monotone). p = (1 + count)/(1 + B)
  // (Phipson & Smyth 2010). Undefined if the statistic is NaN.
  std::vector<std::uint32_t> n_single_step, n_step_down;
  std::vector<double> greatest;  // [n_permutations] largest statistic of the family, ascending
  // Median statistic of the observed labels divided by that of χ²(1), with its 95% band under permutation.
  double inflation = kNone, inflation_lo = kNone, inflation_hi = kNone;
  // At ranks 1, 2, 3, 5, 7, 10, 15 … n_tests, of the permutations on which the band of the inflation rests;
  // empty where there are fewer. p is that of Student's t, as for n_effective.
  std::vector<RankBand> rank_bands;
  bool is_studentised = false;  // Statistic::kStudentisedMeans
  // The number of independent tests with the same distribution of the largest statistic.
  double n_effective = kNone;
  // Degrees of freedom of the t-distribution that approximates M: items − strata − 1.
  double degrees_of_freedom = 0;
};

}  // namespace penfield::permutation
