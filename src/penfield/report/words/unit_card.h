// One unit's statistics in sentences, the same in the terminal and on the page.
#pragma once

#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

struct CardLine {
  std::string label;     // "Separation"
  std::string sentence;  // with its numbers and intervals
};

struct UnitCard {
  std::string title;     // "L3.101"
  std::string tally;     // what its strongest tokens are (token_kinds.h); empty without a heatmap
  std::string headline;  // what was found, in one sentence
  std::vector<CardLine> discovery;
  std::vector<CardLine> held_out;
};

// Text is visible, UTF-8, not escaped for HTML. A statistic without a value is left out or reported as
// missing, never as NaN.
[[nodiscard]] UnitCard make_unit_card(const ReportData& data, const findings::Finding& finding);

}  // namespace penfield::report
