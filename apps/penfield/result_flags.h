// Commands that read a result folder.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/report/words/report_data.h"

namespace penfield::app {

// run.json, units.tsv and the heatmaps of `folder`.
Result<report::ReportData> read_report_data(const std::string& folder);

}  // namespace penfield::app
