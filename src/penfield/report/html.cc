#include "penfield/report/html.h"

#include <fmt/format.h>

#include "penfield/report/html_parts.h"
#include "penfield/report/run_story.h"
#include "penfield/report/visible_text.h"

namespace penfield::report {

std::string escape_html(std::string_view any) {
  std::string out;
  for (const char byte : visible(any)) {
    switch (byte) {
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
      case '\'':
        out += "&#39;";
        break;
      default:
        out += byte;
    }
  }
  return out;
}

std::string anchor_of(const UnitId& unit) {
  return fmt::format("L{}-{}-{}", unit.layer, site_name(unit.site), unit.index);
}

std::string render_html(const ReportData& data) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "img-src data:\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"Penfield\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n";
  page += fmt::format("<title>{} · Penfield</title>\n<style>\n{}</style>\n</head>\n<body>\n",
                      escape_html(tell_run(data).title), html_style());
  page += "<a class=\"skip\" href=\"#units\">Skip to the units</a>\n";
  page += html_head_section(data);
  page += "<main>\n" + html_figures(data) + html_layer_table(data) + html_unit_table(data) +
          html_unit_cards(data) + html_method(data) + html_provenance(data) + "</main>\n";
  page += fmt::format(
      "<footer>Made by Penfield {}. This page is one file: it loads nothing and runs no script.</footer>\n",
      escape_html(data.run.penfield_version));
  return page + "</body>\n</html>\n";
}

}  // namespace penfield::report
