// Max-statistic permutation over families of columns: which columns exceed what chance labels give, with the
// correlation of the columns and without an assumed distribution.
//
// Every permutation is a row of labels and every column a vector of item scores (item_scores.h), so all
// statistics of all permutations are a product of two matrices (score_panel.h). It is computed in panels that
// are never in memory together: for each permutation only its staircase is kept (staircase.h). Columns are
// read twice, once with the observed labels, by which they are ranked, and once for the permutations.
//
// The observed labels pass through the same kernel, whose sums have one order. Two label vectors whose
// statistics are equal in exact arithmetic may still differ by rounding, so a permutation's statistic counts
// as reached if it falls short by no more than the rounding error of such a sum. Any error is towards the
// larger p.
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
#include "penfield/permutation/shared_columns.h"

namespace penfield::permutation {

// Receives further columns of a family: x [n_samples, some columns].
template <class T>
using ColumnsOfFamily = std::function<void(std::size_t family, MatrixView<const T> x)>;

// Passes on all columns of all families, in the same order at every call. An error ends the permutation.
template <class T>
using EachBlock = std::function<Result<void>(const ColumnsOfFamily<T>& take)>;

// exchange  of the samples; has items
// permuted  labels of its items
// shared    where the columns of every family are divided among processes: each_block passes on those of this
//           one, every process calls this, and each gets the tables of all columns
// Calls each_block twice, and once more for every 128 MB by which the label rows of all permutations exceed
// 128 MB. The result does not depend on the number of threads or processes, nor on how columns are split into
// blocks. Memory: those label rows, a panel of scores for each thread (the items times 32 to 256 columns,
// twice), and about a kilobyte for each permutation, family and thread. Errors: those of each_block and of
// other processes.
template <class T>
[[nodiscard]] Result<std::vector<PermutationTable>> permute_families(std::size_t n_families,
                                                                     const EachBlock<T>& each_block,
                                                                     const Exchange& exchange,
                                                                     const PermutedLabels& permuted,
                                                                     const SharedColumns& shared = {});

// As permute_families, for one family that is in memory.
template <class T>
[[nodiscard]] PermutationTable permute_family(std::span<const MatrixView<const T>> blocks,
                                              const Exchange& exchange, const PermutedLabels& permuted);

}  // namespace penfield::permutation
