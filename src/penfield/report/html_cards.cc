// Cards of the reported units: the statistics in words, and the text they fire on.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "penfield/report/colour_scale.h"
#include "penfield/report/heatmap_text.h"
#include "penfield/report/html_parts.h"
#include "penfield/report/lookup.h"
#include "penfield/report/unit_card.h"
#include "penfield/report/words.h"

namespace penfield::report {
namespace {

// Tokens of the whole page; beyond them, further windows are left to `penfield show`, so that a browser opens
// the page.
constexpr std::size_t kMostTokens = 120000;

std::string lines_html(std::string_view heading, const std::vector<CardLine>& lines) {
  std::string out = fmt::format("<div><h4>{}</h4>\n<dl>\n", heading);
  for (const CardLine& line : lines) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_html(line.label), escape_html(line.sentence));
  }
  return out + "</dl></div>\n";
}

std::string classes_of(const HeatToken& token, const HeatText& scale) {
  const int step = heat_step(token.value, scale.limit);
  std::string out = step > 0 ? fmt::format("p{}", step) : step < 0 ? fmt::format("n{}", -step) : "";
  const auto add = [&](std::string_view name) { out += (out.empty() ? "" : " ") + std::string(name); };
  const int mark = heat_mark(token.value, scale);
  if (std::abs(mark) >= 2) add(mark > 0 ? "s" : "w");
  return out;
}

// <s> is the shortest element without a meaning of its own once its strike is styled away; a page has 100,000
// of them.
std::string token_html(const HeatToken& token, const HeatText& scale) {
  const std::string classes = classes_of(token, scale);
  const std::string word = escape_html(token.text);
  const std::string text =
      (token.has_leading_space ? " " : "") + (token.is_target ? "<u>" + word + "</u>" : word);
  const std::string value = std::isnan(token.value) ? "no value" : signed_text(token.value, 2);
  std::string out = fmt::format("<s{} title=\"{}\">{}</s>",
                                classes.empty() ? "" : " class=\"" + classes + "\"", value, text);
  if (token.ends_line) out += "<br>";
  return out;
}

std::string legend_html(const ReportData& data, const HeatText& text) {
  const std::string limit = significant_text(text.limit, 2);
  std::string scale;
  for (int step = -kHeatSteps; step <= kHeatSteps; ++step) {
    scale += fmt::format("<i style=\"background:{}\"></i>", css(heat_step_colour(step)));
  }
  const std::string concept_name =
      data.run.concept_name.empty() ? "target" : data.run.concept_name + " target";
  const std::string beyond = text.n_beyond == 0 ? "" : "; farther values have the colour of the end";
  return fmt::format(
      "<div class=\"legend\"><span class=\"scale\">−{0} <span role=\"img\" aria-label=\"blue for negative, "
      "white at "
      "zero, orange for positive\">{1}</span> +{0}</span><span>activation, white at 0, the same scale in "
      "both "
      "texts{2}</span><span><span class=\"key\"><u>underlined</u></span> {3}</span><span><span "
      "class=\"key\"><s "
      "class=\"s\">bold</s></span> 2 or more SDs above the unit’s mean ({4}; SD {5})</span><span><span "
      "class=\"key\">"
      "<s class=\"w\">italic</s></span> as much below it</span></div>\n",
      limit, scale, beyond, escape_html(concept_name), significant_text(text.mean, 3),
      significant_text(text.sd, 3));
}

}  // namespace

std::string html_heatmap(const ReportData& data, const UnitId& unit, sample::Split split) {
  const HeatText text = make_heat_text(data.heatmaps, unit, split);
  const bool discovery = split == sample::Split::kDiscovery;
  const std::string name =
      fmt::format("{} on {} text", to_string(unit), discovery ? "discovery" : "held-out");
  std::string out = fmt::format("<div><h4>{} text</h4>\n", discovery ? "Discovery" : "Held-out");
  if (text.windows.empty()) return out + "<p class=\"note\">No text of this split was kept.</p></div>\n";
  out += fmt::format("<div class=\"paper\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">\n",
                     escape_html(name));
  const std::size_t budget = kMostTokens / (2 * data.heatmaps.units.size());
  std::size_t n_shown = 0, n_windows = 0;
  for (const HeatWindow& window : text.windows) {
    if (n_windows > 0 && n_shown + window.tokens.size() > budget) break;
    out += fmt::format("<p class=\"where\">Window {}, document {}</p>\n<p>", window.window, window.document);
    for (const HeatToken& token : window.tokens) out += token_html(token, text);
    out += "</p>\n";
    n_shown += window.tokens.size();
    ++n_windows;
  }
  if (n_windows < text.windows.size()) {
    out += fmt::format(
        "<p class=\"where\">{} of {} are shown; <code>penfield show DIR {} --heatmap{}</code> shows all."
        "</p>\n",
        n_windows, counted(text.windows.size(), "window"), to_string(unit), discovery ? "" : " --held-out");
  }
  return out + "</div></div>\n";
}

std::string html_unit_cards(const ReportData& data) {
  if (data.heatmaps.units.empty()) return "";
  std::string out =
      "<section aria-labelledby=\"cards\">\n<h2 id=\"cards\">The units and their text</h2>\n<p "
      "class=\"note\">Each token "
      "stands on the colour of the unit’s activation there; pointing at a token gives the value.</p>\n";
  for (const UnitId& unit : data.heatmaps.units) {
    const findings::Finding* finding = find_unit(data, unit);
    if (finding == nullptr) continue;
    const UnitCard card = make_unit_card(data, *finding);
    const std::string sign = finding->direction > 0   ? "<span class=\"plus\">▲</span> "
                             : finding->direction < 0 ? "<span class=\"minus\">▼</span> "
                                                      : "";
    out += fmt::format(
        "<article class=\"card unit\" id=\"{}\">\n<h3>{}{}</h3>\n<p>{}</p>\n<div class=\"halves\">\n",
        anchor_of(unit), sign, escape_html(card.title), escape_html(card.headline));
    out += lines_html("Discovery", card.discovery) + lines_html("Held out", card.held_out) + "</div>\n";
    out += legend_html(data, make_heat_text(data.heatmaps, unit, sample::Split::kDiscovery));
    out += "<div class=\"halves\">\n" + html_heatmap(data, unit, sample::Split::kDiscovery) +
           html_heatmap(data, unit, sample::Split::kHeldOut) + "</div>\n</article>\n";
  }
  return out + "</section>\n";
}

}  // namespace penfield::report
