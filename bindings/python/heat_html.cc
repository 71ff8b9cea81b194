#include "heat_html.h"

#include <fmt/format.h>

#include <iterator>

#include "penfield/report/words/colour_scale.h"
#include "penfield/report/words/heatmap_text.h"
#include "penfield/report/words/words.h"

namespace penfield::python {
namespace {

std::string css(report::Rgb colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.r, colour.g, colour.b);
}

std::string legend(const report::HeatText& text) {
  std::string out = fmt::format("<div style=\"font-size:85%\">−{:.2g} SD ", text.limit);
  for (int step = -report::kHeatSteps; step <= report::kHeatSteps; ++step) {
    fmt::format_to(std::back_inserter(out), "<span style=\"background:{}\">&nbsp;</span>",
                   css(report::heat_step_colour(step)));
  }
  return out + fmt::format(" +{:.2g} SD from the mean {}; targets are underlined</div>\n", text.limit,
                           report::significant_text(text.mean, 3));
}

void append(std::string& out, const report::HeatToken& token, double limit) {
  if (token.has_leading_space) out += ' ';
  fmt::format_to(std::back_inserter(out),
                 "<span style=\"background:{};color:{}{}\" title=\"{:+.2f} SD\">{}</span>",
                 css(report::heat_colour(token.value, limit)), css(report::kHeatInk),
                 token.is_target ? ";text-decoration:underline" : "", token.value, escape_html(token.text));
  if (token.ends_line) out += "<br>";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string heat_html(const report::ReportData& data, const UnitId& unit, sample::Split split) {
  const report::HeatText text = report::make_heat_text(data.heatmaps, unit, split);
  if (text.windows.empty()) return {};
  std::string out = legend(text);
  for (const report::HeatWindow& window : text.windows) {
    out += "<p style=\"text-align:left;line-height:1.6\">";
    for (const report::HeatToken& token : window.tokens) append(out, token, text.limit);
    out += "</p>\n";
  }
  return out;
}

}  // namespace penfield::python
