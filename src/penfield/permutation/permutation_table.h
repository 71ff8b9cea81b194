// What permutations say of one family of columns. "NaN" is "no value", as in fit_table.h.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace penfield::permutation {

struct PermutationTable {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  std::uint64_t n_permutations = 0;
  std::uint64_t n_tests =
      0;  // columns that take part: finite, and with some spread between what is exchanged
  // [n_columns] of the labels as they are: Mantel's M², or T² of item means (item_scores.h); NaN for columns that take
  // no part.
  std::vector<double> statistic;
  // [n_columns] permutations in which the greatest statistic of the family reaches the column's own: of all columns
  // (single step), or of the columns not above it (step down, made monotone). p = (1 + count)/(1 + B)
  // (Phipson & Smyth 2010). Of no meaning where the statistic is NaN.
  std::vector<std::uint32_t> n_single_step, n_step_down;
  std::vector<double> greatest;  // [n_permutations] greatest statistic of the family, sorted upwards
  // Median statistic over that of χ²(1), of the labels as they are, and the 95% band of the permutations.
  double inflation = kNone, inflation_lo = kNone, inflation_hi = kNone;
  // So many independent tests would have such greatest statistics.
  double n_effective = kNone;
  // Degrees of freedom of the t-distribution that M² has approximately: items − strata − 1.
  double degrees_of_freedom = 0;
};

}  // namespace penfield::permutation
