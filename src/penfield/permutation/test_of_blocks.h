// Student's t-test of the scores of blocks, column by column: the parametric companion of sign flips, with
// documents as the observations.
//
// With y the labels, the score of block d is s_d = Σ over its samples of (y_i − ȳ)(x_i − x̄). If the labels
// say nothing about x beyond what the samples of a block have in common, the s_d of independent blocks are
// centred about zero, and t is that of their mean with blocks − 1 degrees of freedom. It is the score test
// with a variance robust to dependence within blocks, which is taken under the null: with few effective
// blocks it errs towards the larger p (Cameron, Gelbach & Miller 2008, Rev. Econ. Stat. 90:414).
#pragma once

#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/welch_of_items.h"

namespace penfield::permutation {

// x         [n_samples, n_columns]
// exchange  made by flip_signs from the samples
// One test a column; `difference` is Σ s_d divided by that of the labels themselves, the slope of x on y. No
// value: fewer than two blocks, a column with a value that is not finite, or no spread between the scores.
// Arithmetic is double; the result does not depend on the number of threads.
template <class T>
[[nodiscard]] std::vector<ItemTest> test_block_scores(MatrixView<const T> x, const Exchange& exchange);

}  // namespace penfield::permutation
