// `penfield show`: results as text for a terminal. Nothing here prints; every function returns text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "penfield/base/result.h"
#include "penfield/report/terminal/screen.h"
#include "penfield/report/words/report_data.h"

namespace penfield::report {

struct SummaryOptions {
  std::size_t top = 20;                               // rows of the table of units
  std::optional<std::uint32_t> layer = std::nullopt;  // only units of this layer
};

// The question and the findings, warnings, the table of layers, and the top units.
[[nodiscard]] std::string show_summary(const ReportData& data, const SummaryOptions& summary,
                                       const TerminalOptions& terminal);

// All statistics of one unit in words. kUsage: no such unit in the results.
[[nodiscard]] Result<std::string> show_unit(const ReportData& data, const UnitId& unit,
                                            const TerminalOptions& terminal);

// The text of a split, each token on the colour of the unit's activation, or without colour with a mark for
// its strength; at most max_windows windows. kUsage: the unit has no heatmap (those that have are named), or
// the split has no text.
[[nodiscard]] Result<std::string> show_heatmap(const ReportData& data, const UnitId& unit,
                                               sample::Split split, const TerminalOptions& terminal,
                                               std::size_t max_windows = SIZE_MAX);

}  // namespace penfield::report
