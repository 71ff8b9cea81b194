// A unit's card: every statistic in words, discovery first, then held out.
#include <algorithm>

#include "penfield/report/terminal/terminal.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/unit_card.h"

namespace penfield::report {
namespace {

std::string section(const Screen& screen, std::string_view heading, const std::vector<CardLine>& lines) {
  std::size_t widest = 0;
  for (const CardLine& line : lines) widest = std::max(widest, line.label.size());
  std::string out = "\n" + screen.paint(screen.text(heading), Paint::kBold) + "\n";
  for (const CardLine& line : lines) {
    const std::string label = "  " + pad_right(line.label, widest) + "  ";
    const std::string wrapped = screen.wrap(line.sentence, label);
    out += screen.paint(label, Paint::kDim) + wrapped.substr(label.size());
  }
  return out;
}

}  // namespace

Result<std::string> show_unit(const ReportData& data, const UnitId& unit, const TerminalOptions& terminal) {
  const findings::Finding* finding = find_unit(data, unit);
  if (finding == nullptr) {
    return usage_error("{}: no such unit in these results; they hold {} units, from {} to {}",
                       to_string(unit), data.units.size(),
                       data.units.empty() ? "none" : to_string(data.units.front().unit),
                       data.units.empty() ? "none" : to_string(data.units.back().unit));
  }
  const Screen screen(terminal);
  const UnitCard card = make_unit_card(data, *finding);
  std::string out = screen.paint(screen.text(card.title), Paint::kBold) + "\n";
  if (!card.tally.empty()) out += screen.wrap(card.tally);
  out += screen.wrap(card.headline);
  out += section(screen, "Discovery", card.discovery);
  out += section(screen, "Held out", card.held_out);
  return out;
}

}  // namespace penfield::report
