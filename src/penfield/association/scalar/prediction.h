// How discovery's fit and threshold for a column perform on new samples.
#pragma once

#include <limits>

namespace penfield::association {

// NaN means "no value". Formulas and sources: predict.h.
struct Prediction {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  double calibration_slope = kNone, calibration_intercept = kNone;
  double brier = kNone, brier_scaled = kNone;
  // Of the predictions at discovery's threshold. All except recall are at natural prevalence, and NaN if that
  // is unknown.
  double precision = kNone, recall = kNone, f1 = kNone, mcc = kNone;
};

}  // namespace penfield::association
