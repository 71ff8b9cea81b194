// How the rule that discovery made of a column, its fit and its threshold, does on samples it has not seen.
#pragma once

#include <limits>

namespace penfield::association {

// NaN means "no value". Formulas and sources: predict.h.
struct Prediction {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  double calibration_slope = kNone, calibration_intercept = kNone;
  double brier = kNone, brier_scaled = kNone;
  // Of the calls at discovery's threshold; all but recall at natural prevalence, and NaN where that is not
  // known.
  double precision = kNone, recall = kNone, f1 = kNone, mcc = kNone;
};

}  // namespace penfield::association
