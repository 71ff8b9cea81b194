// The figures, as cairo's SVG set into the page: once for a light and once for a dark ground, of which the
// style shows one.
#include <fmt/format.h>

#include "penfield/report/figure.h"
#include "penfield/report/html_parts.h"

namespace penfield::report {
namespace {

std::string replace_all(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
    out += text.substr(0, at);
    out += with;
    text.remove_prefix(at + what.size());
  }
  return out += text;
}

// cairo names its glyphs and clips glyph0-1, clip1, … in every file; in one page the names must differ, and
// the drawing must say what it shows.
std::string set_into_page(std::string svg, const std::string& prefix, const std::string& title,
                          const std::string& caption, std::string_view theme) {
  svg.erase(0, svg.find("<svg"));
  svg = replace_all(svg, " id=\"", " id=\"" + prefix);
  svg = replace_all(svg, "href=\"#", "href=\"#" + prefix);
  svg = replace_all(svg, "url(#", "url(#" + prefix);
  const std::size_t end = svg.find('>');
  svg.insert(end + 1, fmt::format("\n<title id=\"{0}title\">{1}</title>\n<desc id=\"{0}desc\">{2}</desc>",
                                  prefix, title, caption));
  svg.insert(end,
             fmt::format(" class=\"{}\" role=\"img\" aria-labelledby=\"{}title\" aria-describedby=\"{}desc\"",
                         theme, prefix, prefix));
  return svg;
}

}  // namespace

std::string html_figures(const ReportData& data) {
  std::string out =
      "<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">Figures</h2>\n<div class=\"figures\">\n";
  for (const Figure figure :
       {Figure::kManhattan, Figure::kFunnel, Figure::kIndex, Figure::kLayers, Figure::kQq}) {
    const bool is_wide = figure == Figure::kManhattan;
    FigureOptions options{.width = is_wide ? 1080.0 : 540.0, .height = is_wide ? 360.0 : 380.0};
    options.heading = FigureHeading::kNone;
    const std::string title = escape_html(figure_title(data, figure, options));
    const std::string caption = escape_html(figure_caption(data, figure, options));
    std::string drawings;
    for (const FigureTheme theme : {FigureTheme::kLight, FigureTheme::kDark}) {
      options.theme = theme;
      const std::string name = theme == FigureTheme::kLight ? "light" : "dark";
      Result<std::string> svg = draw_figure(data, figure, FigureFormat::kSvg, options);
      if (!svg) {
        drawings = fmt::format("<p class=\"note\">{}</p>\n", escape_html(svg.error().message));
        break;
      }
      drawings += set_into_page(*std::move(svg), fmt::format("{}-{}-", figure_name(figure), name), title,
                                caption, name);
    }
    // The wide figure scrolls sideways on a narrow screen, by keyboard too.
    const std::string scrolls = fmt::format(" tabindex=\"0\" role=\"region\" aria-label=\"{}\"", title);
    out += fmt::format(
        "<figure class=\"card{}\">\n<h3>{}</h3>\n<div "
        "class=\"plot\"{}>{}</div>\n<figcaption>{}</figcaption>\n"
        "</figure>\n",
        is_wide ? " wide" : "", title, is_wide ? scrolls : "", drawings, caption);
  }
  return out + "</div>\n</section>\n";
}

}  // namespace penfield::report
