// The parts of the page, in its order; html.cc sets them one below the other.
#pragma once

#include <string>
#include <string_view>

#include "penfield/report/report_data.h"

namespace penfield::report {

// Visible text (visible_text.h) with & < > " ' as character references: inert in text and in quoted
// attributes.
[[nodiscard]] std::string escape_html(std::string_view any);
// "L3-101": the unit's place in the page.
[[nodiscard]] std::string anchor_of(const UnitId& unit);

// The style sheet, with the heat colours of colour_scale.h as the classes p1 … and n1 ….
[[nodiscard]] std::string html_style();
// Title, key figures, what was asked and found, warnings.
[[nodiscard]] std::string html_head_section(const ReportData& data);
// The five figures, each drawn for light and for dark ground.
[[nodiscard]] std::string html_figures(const ReportData& data);
[[nodiscard]] std::string html_layer_table(const ReportData& data);
[[nodiscard]] std::string html_unit_table(const ReportData& data);
// A card with text for each unit that has a heatmap.
[[nodiscard]] std::string html_unit_cards(const ReportData& data);
// The unit's text of one split; part of a card.
[[nodiscard]] std::string html_heatmap(const ReportData& data, const UnitId& unit, sample::Split split);
// How it was done, what the columns mean, and where everything came from.
[[nodiscard]] std::string html_method(const ReportData& data);
[[nodiscard]] std::string html_provenance(const ReportData& data);

}  // namespace penfield::report
