// Text coloured by a unit's activation as HTML, for a notebook's cell.
#pragma once

#include <string>

#include "penfield/base/unit.h"
#include "penfield/report/words/report_data.h"

namespace penfield::python {

// The windows of `split` with a legend; empty if the unit has no heatmap.
[[nodiscard]] std::string heat_html(const report::ReportData& data, const UnitId& unit, sample::Split split);

// `text` with what has a meaning in HTML replaced.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace penfield::python
