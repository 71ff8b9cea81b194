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

// What was asked and found, and the warnings.
[[nodiscard]] std::string show_story(const ReportData& data, const TerminalOptions& terminal);

// The per-layer table and the top units.
[[nodiscard]] std::string show_tables(const ReportData& data, const SummaryOptions& summary,
                                      const TerminalOptions& terminal);

// The story, then the tables.
[[nodiscard]] std::string show_summary(const ReportData& data, const SummaryOptions& summary,
                                       const TerminalOptions& terminal);

// All statistics of one unit in words. kUsage: no such unit in the results.
[[nodiscard]] Result<std::string> show_unit(const ReportData& data, const UnitId& unit,
                                            const TerminalOptions& terminal);

// The text of a split, each token on the colour of the unit's activation in SDs from its mean; without
// colour, marked by its strength; its first max_tokens tokens. kUsage: the unit has no heatmap (those that
// have are named), or the split has no text.
[[nodiscard]] Result<std::string> show_heatmap(const ReportData& data, const UnitId& unit,
                                               sample::Split split, const TerminalOptions& terminal,
                                               std::size_t max_tokens = SIZE_MAX);

}  // namespace penfield::report
