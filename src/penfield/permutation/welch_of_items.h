// Welch's t-test of the means of items, column by column: the parametric companion of the studentised
// permutation.
//
// An item is the samples of a block that have one label (exchange_means): with words as blocks, a word is one
// observation however often it is used. The test gives the p that no affordable number of permutations
// reaches, for held-out text, where a p far below 1/B is needed. Its level rests on items being many: see
// docs/numerics/permutation.md. With strata the items are compared within them: with W_h = n₁ₕn₀ₕ/(n₁ₕ +
// n₀ₕ),
//   D = Σ W_h (m₁ₕ − m₀ₕ) / Σ W_h,  Var D = Σ W_h² (v₁/n₁ₕ + v₀/n₀ₕ) / (Σ W_h)²,
// v the variance of a label's items about the means of their strata. Strata without one of the labels take no
// part. Source: Welch 1947, Biometrika 34:28; degrees of freedom of Satterthwaite 1946; the weights are those
// of Mantel & Haenszel 1959.
#pragma once

#include <limits>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"

namespace penfield::permutation {

struct ItemTest {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  double difference = kNone;  // D: target items − comparison items, in units of the activation
  double t = kNone, degrees_of_freedom = kNone;
  double neglog10_p = kNone;  // two-sided
};

// x         [n_samples, n_columns]
// exchange  made by exchange_means from the samples
// One test a column. No value: no more items of a label than strata, a column with a value that is not
// finite, or no spread between the items of both labels. Arithmetic is double; the result does not depend on
// the number of threads.
template <class T>
[[nodiscard]] std::vector<ItemTest> test_item_means(MatrixView<const T> x, const Exchange& exchange);

}  // namespace penfield::permutation
