// Max-statistic permutation over families of columns: which columns stand out of what the labels would do by
// chance, with the columns' own correlation, and without any distribution taken for granted.
//
// Every permutation is a row of labels, every column a vector of item scores (item_scores.h), so all
// statistics of all permutations are a product of two matrices (score_panel.h), made in panels that are never
// all in memory: of each permutation only its staircase is kept (staircase.h). Columns are read twice, once
// for the labels as they are, by which they are ranked, and once for the permutations.
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
#include <functional>
#include <span>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/permutation_table.h"
#include "penfield/permutation/permuted_labels.h"

namespace penfield::permutation {

// Takes further columns of a family: x [n_samples, some columns].
template <class T>
using ColumnsOfFamily = std::function<void(std::size_t family, MatrixView<const T> x)>;

// Hands on all columns of all families, in the same order whenever it is called. Its errors end everything.
template <class T>
using EachBlock = std::function<Result<void>(const ColumnsOfFamily<T>& take)>;

// exchange  of the samples; has items
// permuted  labels of its items
// Calls each_block twice; where label rows of all permutations would take more than 128 MB, once more for
// every further 128 MB. The result does not depend on the number of threads, nor on how columns are cut into
// blocks. Memory: those label rows, a panel of scores a thread (the items times 32 to 256 columns, twice),
// and about a kilobyte a permutation, family and thread.
template <class T>
[[nodiscard]] Result<std::vector<PermutationTable>> permute_families(std::size_t n_families,
                                                                     const EachBlock<T>& each_block,
                                                                     const Exchange& exchange,
                                                                     const PermutedLabels& permuted);

// One family that is all in memory, its columns those of all blocks in order.
template <class T>
[[nodiscard]] PermutationTable permute_family(std::span<const MatrixView<const T>> blocks,
                                              const Exchange& exchange, const PermutedLabels& permuted);

}  // namespace penfield::permutation
