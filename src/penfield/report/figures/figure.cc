#include "penfield/report/figures/figure.h"

#include <algorithm>
#include <cmath>

#include "penfield/report/figures/kinds.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/run_story.h"
#include "penfield/report/words/visible_text.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

Result<void> check_options(const ReportData& data, Figure figure, const FigureOptions& options) {
  constexpr double kLeast = 200, kMost = 4000;
  for (const double size : {options.width, options.height}) {
    if (!(size >= kLeast && size <= kMost)) {
      return usage_error("figure {}: a size of {} points: it must lie between {} and {}", figure_name(figure),
                         size, kLeast, kMost);
    }
  }
  if (!(options.png_scale >= 0.5 && options.png_scale <= 8)) {
    return usage_error("figure {}: {} pixels a point: it must lie between 0.5 and 8", figure_name(figure),
                       options.png_scale);
  }
  if (data.units.empty()) {
    return bad_input("figure {}: the results hold no units; run a scan first", figure_name(figure));
  }
  if (!options.layer) return {};
  const bool known = std::any_of(data.units.begin(), data.units.end(), [&](const findings::Finding& finding) {
    return finding.unit.layer == *options.layer;
  });
  if (!known) {
    return usage_error("figure {}: layer {} is not in the results; they hold layers {} to {}",
                       figure_name(figure), *options.layer, data.units.front().unit.layer,
                       data.units.back().unit.layer);
  }
  return {};
}

constexpr std::string_view kPermutedBand =
    " The dashed lines enclose 95% of 200 permutations of the labels at each rank; permuting keeps the correlation "
    "between units, which the grey band ignores.";

std::string layer_phrase(const FigureOptions& options) {
  return options.layer ? fmt::format(" of layer {}", *options.layer) : "";
}

}  // namespace

std::string_view figure_name(Figure figure) {
  switch (figure) {
    case Figure::kFunnel:
      return "funnel";
    case Figure::kIndex:
      return "index";
    case Figure::kManhattan:
      return "manhattan";
    case Figure::kLayers:
      return "layers";
    case Figure::kQq:
      return "qq";
  }
  return "";
}

std::optional<Figure> parse_figure(std::string_view name) {
  for (const Figure figure : kFigures) {
    if (figure_name(figure) == name) return figure;
  }
  return std::nullopt;
}

std::string figure_title(const ReportData& data, Figure figure, const FigureOptions& options) {
  switch (figure) {
    case Figure::kFunnel:
      return "Size and certainty of every unit" + layer_phrase(options);
    case Figure::kIndex:
      return fmt::format("The units of layer {}", index_layer(data, options));
    case Figure::kManhattan:
      return "Where in the model the tuned units lie";
    case Figure::kLayers:
      return "Tuned units by layer";
    case Figure::kQq:
      return "Observed p-values against those of an untuned model";
  }
  return "";
}

std::string figure_caption(const ReportData& data, Figure figure, const FigureOptions& options) {
  const std::string rule =
      fmt::format("{}; significant: {}", test_words(data.run.test), threshold_phrase(data));
  switch (figure) {
    case Figure::kFunnel:
      return fmt::format(
          "Each mark is a unit{}: log-odds of a target per SD of its activation (right: fires more on "
          "targets) against −log10 p ({}).",
          layer_phrase(options), rule);
    case Figure::kIndex:
      return fmt::format(
          "Log-odds of a target per {} of activation for each unit of layer {}, in the order of the "
          "model’s weights ({}).",
          options.beta_scale == BetaScale::kPerSd ? "SD" : "unit", index_layer(data, options), rule);
    case Figure::kManhattan:
      return fmt::format("−log10 p of each unit, the layers side by side ({}).", rule);
    case Figure::kLayers:
      return std::string(
                 "Number of significant units in each layer: above the line those that fire more on targets, "
                 "below it those that fire less.") +
             (data.run.counts[1].n_target > 0
                  ? " The full bar is significant in discovery, its dark part replicated on held-out text."
                  : "");
    case Figure::kQq: {
      std::vector<double> p;
      for (const findings::Finding* unit : units_to_draw(data, options)) p.push_back(unit->neglog10_p);
      return fmt::format(
          "Each mark is a unit{}, ranked by p. If no unit were tuned and units were independent, the marks would "
          "lie within the grey band (95%, pointwise).{} λ = {} is the median χ² over its expectation; it exceeds 1 "
          "where many units are tuned.",
          layer_phrase(options), permuted_bands(data, options).empty() ? "" : kPermutedBand,
          significant_text(inflation(p), 3));
    }
  }
  return "";
}

std::vector<const findings::Finding*> units_to_draw(const ReportData& data, const FigureOptions& options) {
  std::vector<const findings::Finding*> units;
  for (const findings::Finding& finding : data.units) {
    const bool asked = !options.layer || finding.unit.layer == *options.layer;
    if (asked && std::isfinite(finding.neglog10_p)) units.push_back(&finding);
  }
  return units;
}

std::uint32_t index_layer(const ReportData& data, const FigureOptions& options) {
  if (options.layer) return *options.layer;
  const auto best = top_units(data, 1);
  return best.empty() ? 0 : best.front()->unit.layer;
}

Result<std::string> draw_figure(const ReportData& data, Figure figure, FigureFormat format,
                                const FigureOptions& options) {
  PENFIELD_TRY_VOID(check_options(data, figure, options));
  Canvas canvas(format, options);
  switch (figure) {
    case Figure::kFunnel:
      draw_funnel(canvas, data, options);
      break;
    case Figure::kIndex:
      draw_index(canvas, data, options);
      break;
    case Figure::kManhattan:
      draw_manhattan(canvas, data, options);
      break;
    case Figure::kLayers:
      draw_layers(canvas, data, options);
      break;
    case Figure::kQq:
      draw_qq(canvas, data, options);
      break;
  }
  return canvas.finish();
}

}  // namespace penfield::report
