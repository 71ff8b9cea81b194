// The sums over a column's new samples of which predictions are judged (predict.h).
#pragma once

#include <cstddef>
#include <span>

#include "penfield/association/scalar/auc.h"

namespace penfield::association {

// What discovery made of one column.
struct PredictionRule {
  double alpha = 0, beta = 0;
  double threshold = 0;
  Called called = Called::kNone;
};

// Sums over a column's new samples.
struct PredictionSums {
  double squared_error = 0;  // Σ(σ(α + βx) − y)²
  double n_called_target = 0, n_called_comparison = 0;
};

// The sums over one column, the first n_target values the targets: the plain twin of panel_predictions.
[[nodiscard]] PredictionSums prediction_sums(std::span<const double> x, std::size_t n_target,
                                             const PredictionRule& rule);

}  // namespace penfield::association
