// --firth, --intervals: how the regressions are made, for the commands that make them.
#pragma once

#include "command.h"
#include "penfield/association/fit.h"
#include "penfield/study/rows/row_regression.h"

namespace penfield::app {

struct FitFlags {
  association::Firth firth = association::Firth::kAuto;
  association::Intervals intervals = association::Intervals::kNone;
};

void add_fit_flags(CLI::App& command, FitFlags& flags);

// For scans besides: --adjust and --cluster, into `options`, which --firth and --intervals fill too.
void add_regression_flags(CLI::App& command, study::RegressionOptions& options);

}  // namespace penfield::app
