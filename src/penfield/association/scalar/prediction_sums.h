// The sums over a column's new samples from which a Prediction is computed (predict.h).
#pragma once

#include <cstddef>
#include <span>

#include "penfield/association/scalar/auc.h"

namespace penfield::association {

// Discovery's rule for one column.
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

// The sums over one column, whose first n_target values are targets: scalar twin of panel_predictions.
[[nodiscard]] PredictionSums prediction_sums(std::span<const double> x, std::size_t n_target,
                                             const PredictionRule& rule);

}  // namespace penfield::association
