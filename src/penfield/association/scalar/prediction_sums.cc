#include "penfield/association/scalar/prediction_sums.h"

#include <cmath>

namespace penfield::association {

PredictionSums prediction_sums(std::span<const double> x, std::size_t n_target, const PredictionRule& rule) {
  PredictionSums sums;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool is_target = i < n_target;
    const double log_odds = rule.alpha + rule.beta * x[i];
    const double wrong = 1 / (1 + std::exp(is_target ? log_odds : -log_odds));
    sums.squared_error += wrong * wrong;
    const bool is_called = rule.called == Called::kAbove   ? x[i] >= rule.threshold
                           : rule.called == Called::kBelow ? x[i] <= rule.threshold
                                                           : false;
    (is_target ? sums.n_called_target : sums.n_called_comparison) += is_called ? 1 : 0;
  }
  return sums;
}

}  // namespace penfield::association
