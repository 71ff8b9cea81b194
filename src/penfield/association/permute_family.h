// Max-statistic permutation over a family of columns: which columns stand out of what the labels would do by
// chance, with the columns' own correlation, and without any distribution taken for granted.
//
// Every permutation is a row of labels, every column a vector of item scores (item_scores.h), so all
// statistics of all permutations are a product of two matrices, made by numeric/matmul.h in panels that are
// never all in memory: of each permutation only its staircase is kept (staircase.h). Columns are read twice,
// once for the labels as they are, by which they are ranked, and once for the permutations.
//
// The labels as they are go through the same kernel, and the kernel's sums have one order. Two label vectors
// whose statistics are equal in exact arithmetic may still differ by rounding, so a permutation's statistic
// counts as reached when it is short by no more than the rounding error of such a sum. That errs, if at all,
// to the side of the larger p.
//
// Source: Westfall & Young 1993, algorithms 2.5 (single step) and 2.8 (step down, free); the form with
// successive maxima is Ge, Dudoit & Speed 2003, Test 12:1, box 3.
#pragma once

#include <cstdint>
#include <span>

#include "penfield/association/exchange.h"
#include "penfield/association/permutation_table.h"
#include "penfield/association/permuted_labels.h"
#include "penfield/base/matrix_view.h"

namespace penfield::association {

// blocks    each [n_samples, its columns]: one family, whose columns are those of all blocks in order
// exchange  of the samples; has items
// permuted  labels of its items
// The result does not depend on the number of threads, nor on how columns are cut into blocks. Memory: about
// 128 MB for label rows at most, and a panel of scores a thread (the items times 32 to 256 columns).
[[nodiscard]] PermutationTable permute_family(std::span<const MatrixView<const float>> blocks,
                                              const Exchange& exchange, const PermutedLabels& permuted);
[[nodiscard]] PermutationTable permute_family(std::span<const MatrixView<const double>> blocks,
                                              const Exchange& exchange, const PermutedLabels& permuted);

}  // namespace penfield::association
