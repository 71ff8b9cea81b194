// Corrected p from permutations, and what they say of a family in a few numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::findings {

// −log10 of (1 + b)/(1 + B) a column: b of B permutations have a greatest statistic that reaches the column's
// (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39: the labels as they are count as one). NaN for a
// column without a statistic.
[[nodiscard]] std::vector<double> adjust_by_permutation(const permutation::PermutationTable& permuted,
                                                        MaxT max_t);

// The most of B permutations that may reach a unit that is found: the largest b with (1 + b)/(1 + B) < alpha.
// None where there is no such b. It is decided on the fraction, as its −log10 may round to either side of
// alpha's: 5/100 is not below .05.
[[nodiscard]] std::optional<std::uint64_t> most_reaching(std::uint64_t n_permutations, double alpha);

// Which columns are found; none without a statistic.
[[nodiscard]] std::vector<bool> found_by_permutation(const permutation::PermutationTable& permuted,
                                                     MaxT max_t, double alpha);

[[nodiscard]] PermutationSummary summarise_permutations(const permutation::PermutationTable& permuted,
                                                        double alpha);

// kUsage: so few permutations, or arrangements of the labels (which can give no p below 10 to the
// −neglog10_least_p), that no p can be below alpha.
[[nodiscard]] Result<void> check_permutations(std::uint64_t n_permutations, double neglog10_least_p,
                                              double alpha);

}  // namespace penfield::findings
