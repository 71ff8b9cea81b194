// Columns prepared for permutation: what each item of an exchange contributes to the score of each column.
//
// The score of a column x under labels y is Σ y_i·(x_i − x̄). Its mean and variance over all permutations of
// an exchange are known exactly, so each column is scaled to mean 0 and variance 1. The product of labels and
// items is then the statistic of every column on one scale, and its square is Mantel's M² = (score − E)²/Var.
// With strata g of n_g items, n1_g of them targets, an item's value u_k = Σ over its samples (x_i − x̄_g),
// which has mean 0 in its stratum,
//   Var = Σ_g n1_g·(n_g − n1_g) / (n_g·(n_g − 1)) · Σ_{k in g} u_k².
// Without blocks M² = (n − 1)/n times the score χ² of FitTable: (n − 1)·r², r the correlation of x and y.
// Sources: Mantel 1963, JASA 58:690 (strata: eq. 8); Agresti 2002, 7.5.3.
//
// For Statistic::kStudentisedMeans an item's value is the mean of its samples, brought to mean 0 and variance
// 1 over the items, z_k. With S = Σ of the targets' z_k and Q that of their squares, K items, K1 and K0 of
// each label,
//   v1 = (Q − S²/K1)/(K1 − 1),  v0 = (K − 1 − Q − S²/K0)/(K0 − 1),
//   T = S·(1/K1 + 1/K0)/√(v1/K1 + v0/K0),
// Welch's t of the means of items, whose variances are those of the labels as permuted. With strata, the mean
// of the stratum's items is taken from each before: the labels do not enter it, and T compares items with
// those of their stratum.
//
// For Statistic::kSignFlips an item's value is the score of its block, s_k = Σ over its samples of
// (y_i − ȳ)(x_i − x̄), divided by √Σ s². With signs e_k the statistic is
//   T = Σ e_k s_k/√Σ s² = 2 Σ over e_k = 1 of s_k/√Σ s² − Σ s_k/√Σ s²,
// and the last item, which always keeps its sign, holds the last sum. T of the K blocks as they are is
// related to Student's t of the s_k by t² = T²(K − 1)/(K − T²).
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"

namespace penfield::permutation {

// Number of columns that are prepared together.
inline constexpr std::size_t kScoreColumns = 32;

struct ItemScratch {
  std::vector<double> values;  // [n_items, kScoreColumns]
};

// x       [n_samples, width], width <= kScoreColumns
// scores  [n_items, kScoreColumns]; unusable columns and those beyond `width` are zero
// Returns the usable columns as bits: all values finite, and some spread between the exchangeable items.
// Arithmetic is double about the first value, so a column far from zero keeps its digits.
template <class T>
[[nodiscard]] std::uint32_t item_scores(MatrixView<const T> x, const Exchange& exchange, ItemScratch& scratch,
                                        float* scores);

}  // namespace penfield::permutation
