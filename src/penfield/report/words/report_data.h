// The input of all outputs: the result folder as the store reads it.
#pragma once

#include <vector>

#include "penfield/store/run_record.h"

namespace penfield::report {

struct ReportData {
  store::RunRecord run;
  std::vector<findings::Finding> units;  // as in units.tsv
  store::Heatmaps heatmaps;
};

}  // namespace penfield::report
