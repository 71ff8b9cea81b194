// The JSON of the page: the run, and which units and tokens the rows of the tables are. web/PAYLOAD.md,
// sections 3 and 5.
#pragma once

#include <string>

#include "penfield/report/page/page.h"
#include "penfield/report/page/payload_tables.h"

namespace penfield::report {

// UTF-8. < > & U+2028 U+2029 are written as escapes, so that no foreign text can end its element. Folders of
// this machine are left out, because a report is passed on.
[[nodiscard]] std::string payload_json(const ReportData& data, const PageOptions& options,
                                       const PayloadTable& units, const ExactUnits& exact,
                                       const PayloadTable& heatmaps);

}  // namespace penfield::report
