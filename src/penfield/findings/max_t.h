// Corrected p from permutations, and a summary of the permutations of a family.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::findings {

// −log10 of (1 + b)/(1 + B) for each column, where in b of B permutations the largest statistic reaches the
// column's (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39: the observed labels count as one). NaN
// for a column without a statistic.
[[nodiscard]] std::vector<double> adjust_by_permutation(const permutation::PermutationTable& permuted,
                                                        MaxT max_t);

// The largest b with (1 + b)/(1 + B) < alpha: a significant unit may be reached in at most b of B
// permutations. std::nullopt if there is no such b. Decided on the fraction, because its −log10 may round to
// either side of alpha's: 5/100 is not below .05.
[[nodiscard]] std::optional<std::uint64_t> most_reaching(std::uint64_t n_permutations, double alpha);

// Which columns are significant; a column without a statistic is not.
[[nodiscard]] std::vector<bool> found_by_permutation(const permutation::PermutationTable& permuted,
                                                     MaxT max_t, double alpha);

// test: of the uncorrected p-values.
[[nodiscard]] PermutationSummary summarise_permutations(const permutation::PermutationTable& permuted,
                                                        Test test, double alpha);

// kUsage: no p can be below alpha, because there are too few permutations, or because not even
// kMostPermutations could reach alpha. For checks before any file is read.
[[nodiscard]] Result<void> check_permutation_count(std::uint64_t n_permutations, double alpha);

// kUsage: no p can be below alpha, because there are too few permutations, or too few arrangements of the
// labels (which give no p below 10 to the −neglog10_least_p).
[[nodiscard]] Result<void> check_permutations(std::uint64_t n_permutations, double neglog10_least_p,
                                              double alpha);

}  // namespace penfield::findings
