#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "penfield/report/html_parts.h"
#include "penfield/report/lookup.h"
#include "penfield/report/words.h"

namespace penfield::report {
namespace {

using findings::Finding;

constexpr std::size_t kTopUnits = 50;

std::string direction_html(int direction) {
  if (direction > 0) return "<span class=\"plus\">▲ +</span>";
  if (direction < 0) return "<span class=\"minus\">▼ −</span>";
  return "0";
}

std::string with_interval(double value, double lo, double hi) {
  if (std::isnan(value)) return "–";
  const std::string interval = interval_text(lo, hi, 3);
  return fixed_text(value, 3) +
         (interval.empty() ? "" : fmt::format(" <span class=\"dim\">{}</span>", interval));
}

std::string unit_link(const ReportData& data, const UnitId& unit) {
  const std::string name = escape_html(to_string(unit));
  if (heatmap_values(data.heatmaps, unit).empty()) return name;
  return fmt::format("<a href=\"#{}\">{}</a>", anchor_of(unit), name);
}

// "34 / 39": replicated of significant, and a bar of the significant.
std::string count_cell(std::uint64_t replicated, std::uint64_t significant) {
  return fmt::format("<td>{} <span class=\"dim\">/ {}</span></td>", count_text(replicated),
                     count_text(significant));
}

std::string balance_bar(const findings::LayerSummary& layer, std::uint64_t most) {
  const auto width = [&](std::uint64_t n) {
    return most == 0 ? 0.0 : 90.0 * static_cast<double>(n) / static_cast<double>(most);
  };
  return fmt::format(
      "<td class=\"left\" aria-hidden=\"true\"><div class=\"bar\" style=\"gap:0\"><span "
      "style=\"width:92px;display:flex;"
      "justify-content:flex-end\"><i class=\"down\" style=\"width:{:.1f}px\"></i></span><i class=\"up\" "
      "style=\"width:{:.1f}px\"></i></div></td>",
      width(layer.n_significant_negative), width(layer.n_significant_positive));
}

std::string unit_row(const ReportData& data, const Finding& finding, std::size_t rank) {
  const association::UnitFit& fit = finding.fit;
  return fmt::format(
      "<tr><td class=\"dim\">{}</td><th scope=\"row\" class=\"left\">{}</th><td "
      "class=\"left\">{}</td><td>{}</td>"
      "<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"left\">{}</td><td "
      "class=\"left\">{}</td></tr>\n",
      rank, unit_link(data, finding.unit), direction_html(finding.direction), cell_text(fit.beta_sd, 2),
      cell_text(finding.neglog10_p, 1), cell_text(finding.neglog10_p_adj, 1),
      with_interval(fit.auc, fit.auc_lo, fit.auc_hi), cell_text(fit.cohen_d, 2),
      with_interval(finding.held_out.auc, finding.held_out.auc_lo, finding.held_out.auc_hi),
      finding.replicated    ? "✓ replicated"
      : finding.significant ? "<span class=\"dim\">– not replicated</span>"
                            : "<span class=\"dim\">– not significant</span>",
      status_label(fit.status));
}

}  // namespace

std::string html_layer_table(const ReportData& data) {
  const auto& layers = data.run.layer_summaries;
  if (layers.empty()) return "";
  std::uint64_t most = 0;
  for (const auto& layer : layers)
    most = std::max({most, layer.n_significant_positive, layer.n_significant_negative});
  std::string out =
      "<section aria-labelledby=\"layers\">\n<h2 id=\"layers\">Layer by layer</h2>\n<div class=\"card "
      "scroll\" "
      "tabindex=\"0\" role=\"region\" aria-label=\"Table of layers\">\n<table>\n<caption><span>Units that "
      "replicated, of those "
      "significant in discovery. Same sign: the share of significant units whose β has the same sign on "
      "held-out text; "
      "by chance it would be half.</span></caption>\n<thead><tr><th scope=\"col\" "
      "class=\"left\">layer</th><th "
      "scope=\"col\">"
      "units</th><th scope=\"col\"><span class=\"plus\">▲ fire more</span></th><th scope=\"col\"><span "
      "class=\"minus\">▼ "
      "fire less</span></th><td aria-hidden=\"true\"></td><th scope=\"col\">same sign</th><th scope=\"col\" "
      "class=\"left\">best unit</th><th scope=\"col\">−log<sub>10</sub> <i>p</i></th><th "
      "scope=\"col\">held-out AUC</th>"
      "</tr></thead>\n<tbody>\n";
  for (const findings::LayerSummary& layer : layers) {
    const UnitId best{layer.site, layer.layer, layer.best_index};
    const std::string site = layer.site == Site::kMlpPre
                                 ? ""
                                 : fmt::format(" <span class=\"dim\">{}</span>", site_name(layer.site));
    out += fmt::format(
        "<tr><th scope=\"row\" class=\"left\">L{}{}</th><td>{}</td>{}{}{}<td>{}</td><td "
        "class=\"left\">{}</td><td>{}</td>"
        "<td>{}</td></tr>\n",
        layer.layer, site, count_text(layer.n_units),
        count_cell(layer.n_replicated_positive, layer.n_significant_positive),
        count_cell(layer.n_replicated_negative, layer.n_significant_negative), balance_bar(layer, most),
        std::isnan(layer.sign_concordance) ? "–" : percent_text(layer.sign_concordance),
        std::isnan(layer.best_neglog10_p) ? "–" : unit_link(data, best), cell_text(layer.best_neglog10_p, 1),
        cell_text(layer.best_held_out_auc, 3));
  }
  return out + "</tbody>\n</table>\n</div>\n</section>\n";
}

std::string html_unit_table(const ReportData& data) {
  const std::vector<const Finding*> units = top_units(data, kTopUnits);
  std::string out = "<section aria-labelledby=\"units\">\n<h2 id=\"units\">Top units</h2>\n";
  if (units.empty()) return out + "<p class=\"note\">The results hold no units.</p>\n</section>\n";
  out += fmt::format(
      "<div class=\"card scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table of the top "
      "units\">\n<table>\n<caption><span>"
      "The {} with the smallest p ({}). Intervals hold 95%. Names that are links lead to the unit’s "
      "text.</span></caption>\n"
      "<thead><tr><th scope=\"col\">#</th><th scope=\"col\" class=\"left\">unit</th><th scope=\"col\" "
      "class=\"left\">sign"
      "</th><th scope=\"col\">β per SD</th><th scope=\"col\">−log<sub>10</sub> <i>p</i></th><th "
      "scope=\"col\">corrected"
      "</th><th scope=\"col\">AUC</th><th scope=\"col\">Cohen’s <i>d</i></th><th scope=\"col\">held-out "
      "AUC</th>"
      "<th scope=\"col\" class=\"left\">held out</th><th scope=\"col\" "
      "class=\"left\">fit</th></tr></thead>\n<tbody>\n",
      counted(units.size(), "unit"), test_words(data.run.test));
  for (std::size_t i = 0; i < units.size(); ++i) out += unit_row(data, *units[i], i + 1);
  return out + "</tbody>\n</table>\n</div>\n</section>\n";
}

}  // namespace penfield::report
