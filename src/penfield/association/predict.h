// How discovery's rule for each column predicts new samples: the probability σ(α + βx), and the prediction
// "target" on the side of the threshold on which discovery's targets are. Nothing is fitted here, so the
// figures are those of the rule as it would be used.
//
//   calibration  logit P(y = 1) = intercept + slope·(α + βx), fitted on the new samples (Cox 1958, Biometrika
//                45:562; Miller, Langefeld, Tierney, Hui & McDonald 1993, Med. Decis. Making 13:49). The
//                linear predictor is linear in x, so it follows from the fit of the new samples on x,
//                α' + β'x: slope = β'/β, intercept = α' − slope·α. Perfect calibration is 1 and 0; slope < 1:
//                discovery was overconfident.
//   Brier        mean of (σ(α + βx) − y)² over the new samples as drawn (Brier 1950, Mon. Weather Rev. 78:1);
//                scaled: 1 − Brier/(n1·n0/n²), the share by which it is below that of a constant (Steyerberg
//                et al. 2010, Epidemiology 21:128).
//   predictions  h is the share of targets predicted to be targets, f that of comparisons, π the prevalence:
//                recall h; precision πh/q with q = πh + (1 − π)f, the share of all tokens predicted;
//                F1 = 2πh/(π + q); MCC = (h − f)·√(π(1 − π)/(q(1 − q))) (Matthews 1975). These are the
//                figures of a sample in which each comparison counts (1 − π)n1/(πn0) times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/association/scalar/fit_table.h"
#include "penfield/association/scalar/prediction.h"
#include "penfield/base/matrix_view.h"

namespace penfield::association {

// One Prediction for each column.
//   discovery, again  the fits of the same columns on the samples of discovery and on the new ones
//   x, labels         the new samples, as for fit_columns
//   prevalence        share of targets in the text, in (0, 1); NaN if the comparison group is not a random
//                     draw of all other samples, because then no weight can restore it
// A column that is NaN in `discovery` (constant, not finite) or not finite in x stays
// NaN.
[[nodiscard]] std::vector<Prediction> predict_columns(const FitTable& discovery, const FitTable& again,
                                                      MatrixView<const float> x,
                                                      std::span<const std::uint8_t> labels,
                                                      double prevalence);

}  // namespace penfield::association
