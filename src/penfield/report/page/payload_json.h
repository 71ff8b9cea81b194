// The JSON of the page: what was run, which units and tokens the tables' rows are. web/PAYLOAD.md, sections 3
// and 5.
#pragma once

#include <string>

#include "penfield/report/page/page.h"
#include "penfield/report/page/payload_tables.h"

namespace penfield::report {

// UTF-8. < > & U+2028 U+2029 are spelled as escapes, so that no text of others can end the element it stands
// in. Folders of this machine are left out: a report is handed on.
[[nodiscard]] std::string payload_json(const ReportData& data, const PageOptions& options,
                                       const PayloadTable& units, const ExactUnits& exact,
                                       const PayloadTable& heatmaps);

}  // namespace penfield::report
