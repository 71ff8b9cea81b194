// What every way of showing results is drawn from: the result folder as read by the store.
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
