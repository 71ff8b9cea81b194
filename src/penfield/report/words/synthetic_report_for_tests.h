// A synthetic run for tests: 6 layers × 512 units, a few of them tuned, with heatmaps over text written for
// it.
#pragma once

#include <cstdint>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

struct SyntheticOptions {
  std::uint32_t n_layers = 6;
  std::uint32_t n_units = 512;  // a layer
  double tuned_share = 0.15;    // of the units of a middle layer
  bool is_null = false;         // no unit is tuned
};

// The same options give the same data.
[[nodiscard]] ReportData make_synthetic_report(const SyntheticOptions& options = {});

}  // namespace penfield::report
