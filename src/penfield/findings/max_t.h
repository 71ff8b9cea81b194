// Corrected p from permutations, and what they say of a family in a few numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/association/permutation_table.h"
#include "penfield/base/result.h"
#include "penfield/findings/finding.h"

namespace penfield::findings {

// −log10 of (1 + b)/(1 + B) a column: b of B permutations have a greatest statistic that reaches the column's
// (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39: the labels as they are count as one). NaN for a
// column without a statistic.
[[nodiscard]] std::vector<double> adjust_by_permutation(const association::PermutationTable& permuted,
                                                        MaxT max_t);

[[nodiscard]] PermutationSummary summarise_permutations(const association::PermutationTable& permuted,
                                                        double alpha);

// kUsage: so few permutations, or arrangements of the labels (10 to the log10_arrangements), that no p can be
// below alpha.
[[nodiscard]] Result<void> check_permutations(std::uint64_t n_permutations, double log10_arrangements,
                                              double alpha);

}  // namespace penfield::findings
