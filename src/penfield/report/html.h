// `penfield report`: one page that needs nothing else, neither a script nor a network.
#pragma once

#include <string>

#include "penfield/report/report_data.h"

namespace penfield::report {

// The whole document, UTF-8. Everything that comes from the data is made visible and escaped; a policy in the
// page forbids scripts and every address but data: images. The same data give the same bytes.
[[nodiscard]] std::string render_html(const ReportData& data);

}  // namespace penfield::report
