// The top of the page: the result before all else.
#include <fmt/format.h>

#include <cmath>

#include "penfield/report/html_parts.h"
#include "penfield/report/lookup.h"
#include "penfield/report/run_story.h"
#include "penfield/report/words.h"

namespace penfield::report {
namespace {

std::string tile(std::string_view number, std::string_view what) {
  return fmt::format("<li class=\"card\"><b>{}</b><span>{}</span></li>\n", number, what);
}

std::string best_tile(const ReportData& data) {
  const auto best = top_units(data, 1);
  if (best.empty() || !best.front()->significant) return "";
  const findings::Finding& unit = *best.front();
  const bool held = !std::isnan(unit.held_out.auc);
  return tile(escape_html(to_string(unit.unit)),
              fmt::format("strongest unit: AUC {} {}", fixed_text(held ? unit.held_out.auc : unit.fit.auc, 3),
                          held ? "on held-out text" : "in discovery"));
}

std::string tiles(const ReportData& data) {
  const DirectionCounts significant = count_significant(data), replicated = count_replicated(data);
  std::string out = "<ul class=\"tiles\">\n";
  out += tile(count_text(data.units.size()), escape_html("units tested, " + units_phrase(data)));
  out += tile(count_text(significant.total()),
              fmt::format("significant: <span class=\"plus\">▲ {}</span> fire more, <span class=\"minus\">"
                          "▼ {}</span> less",
                          count_text(significant.positive), count_text(significant.negative)));
  if (significant.total() > 0 && data.run.counts[1].n_target > 0) {
    const double share = static_cast<double>(replicated.total()) / static_cast<double>(significant.total());
    out += tile(percent_text(share),
                fmt::format("replicated on held-out text ({} of {})", count_text(replicated.total()),
                            count_text(significant.total())));
  }
  return out + best_tile(data) + "</ul>\n";
}

std::string paragraphs(std::string_view name, std::string_view heading,
                       const std::vector<std::string>& sentences) {
  std::string out = fmt::format("<section class=\"{0}\" aria-labelledby=\"{0}\">\n<h2 id=\"{0}\">{1}</h2>\n",
                                name, heading);
  for (const std::string& sentence : sentences) out += fmt::format("<p>{}</p>\n", escape_html(sentence));
  return out + "</section>\n";
}

}  // namespace

std::string html_head_section(const ReportData& data) {
  const RunStory story = tell_run(data);
  std::string out = "<header>\n<p class=\"eyebrow\">Penfield · tuned units of a language model</p>\n";
  out += fmt::format("<h1>{}</h1>\n", escape_html(story.title));
  out += tiles(data);
  out += "<div class=\"story\">\n" + paragraphs("found", "What was found", story.found) +
         paragraphs("asked", "What was asked", story.asked) + "</div>\n";
  if (!data.run.warnings.empty()) {
    out +=
        "<section class=\"warnings\" aria-labelledby=\"warnings\">\n<h2 id=\"warnings\">Read with "
        "care</h2>\n<ul>\n";
    for (const std::string& warning : data.run.warnings)
      out += fmt::format("<li>{}</li>\n", escape_html(warning));
    out += "</ul>\n</section>\n";
  }
  return out + "</header>\n";
}

}  // namespace penfield::report
