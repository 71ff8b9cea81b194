// The tables of the page: all units, the strongest units in full, and the heatmaps. web/PAYLOAD.md, sections
// 4 and 5.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/report/page/payload_column.h"
#include "penfield/report/words/report_data.h"

namespace penfield::report {

struct PayloadTable {
  std::string block;
  std::uint64_t n_rows = 0;
  std::vector<PayloadColumn> columns = {};

  // The table's block before compression: its columns one after the other.
  [[nodiscard]] std::string bytes() const;
};

// Up to this many units all columns are doubles; beyond it the page would exceed 5 MB.
inline constexpr std::size_t kMaxFullUnits = 6'000;

// All units, one row each in the order of units.tsv: flags and status as bytes, the other columns as doubles,
// or beyond kMaxFullUnits the columns that PAYLOAD.md recommends, with few digits. A column without any value
// is left out unless every page needs it.
[[nodiscard]] PayloadTable units_table(const ReportData& data);

// Every column as doubles, for the units with heatmaps and the strongest kExactUnits; no rows if
// units_table() is already in full.
struct ExactUnits {
  std::vector<UnitId> units;  // one a row
  PayloadTable table;
};
inline constexpr std::size_t kExactUnits = 500;
[[nodiscard]] ExactUnits exact_table(const ReportData& data);

// One column "values" of [units, tokens] with four significant digits.
[[nodiscard]] PayloadTable heatmaps_table(const store::Heatmaps& heatmaps);

}  // namespace penfield::report
