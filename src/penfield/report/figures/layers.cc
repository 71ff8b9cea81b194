// Significant units a layer, up and down from a common line; the replicated part of each bar is solid.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "penfield/report/figures/kinds.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

constexpr double kLightAlpha = 0.38;

struct Bar {
  double from = 0, to = 0;  // page, across
  double significant = 0, replicated = 0;
};

// Upwards with sign = 1, downwards with sign = -1.
void draw_bar(const Canvas& canvas, const Frame& frame, const Bar& bar, double sign, Rgb colour) {
  const double zero = frame.y(0), all = frame.y(sign * bar.significant),
               solid = frame.y(sign * bar.replicated);
  const double width = bar.to - bar.from;
  canvas.rectangle(bar.from, std::min(zero, all), width, std::abs(all - zero), colour, kLightAlpha);
  canvas.rectangle(bar.from, std::min(zero, solid), width, std::abs(solid - zero), colour);
  if (bar.significant > 0) {
    canvas.text(
        (bar.from + bar.to) / 2, sign > 0 ? all - 4 : all + 12,
        count_text(static_cast<std::uint64_t>(bar.significant)),
        {.size = width < 22 ? 8.0 : 9.5, .colour = colour, .along = Along::kCentre, .weight = Weight::kBold});
  }
}

void draw_legend(const Canvas& canvas, const Frame& frame) {
  const Palette& colours = canvas.colours();
  const TextStyle style{.size = 10, .colour = colours.muted};
  const double y = legend_y(frame);
  double x = frame.left;
  const auto entry = [&](Rgb colour, double alpha, std::string_view text) {
    canvas.rectangle(x, y - 8, 9, 9, colour, alpha);
    canvas.text(x + 14, y, text, style);
    x += 14 + canvas.text_width(text, style) + 18;
  };
  entry(colours.positive, 1, "up: fires more on targets");
  entry(colours.negative, 1, "down: fires less");
  entry(colours.muted, 1, "replicated");
  entry(colours.muted, kLightAlpha, "significant only");
}

// The counts are whole numbers, so no tick lies between them; both ways are counted up from the line.
std::vector<Tick> count_ticks(double lo, double hi) {
  std::vector<Tick> ticks;
  for (const Tick& tick : round_ticks(lo, hi, 7)) {
    if (tick.at != std::round(tick.at)) continue;
    ticks.push_back({tick.at, count_text(static_cast<std::uint64_t>(std::abs(tick.at)))});
  }
  return ticks;
}

}  // namespace

void draw_layers(const Canvas& canvas, const ReportData& data, const FigureOptions& options) {
  std::vector<const findings::LayerSummary*> layers;
  double up = 1, down = 1;
  for (const findings::LayerSummary& layer : data.run.layer_summaries) {
    if (options.layer && layer.layer != *options.layer) continue;
    layers.push_back(&layer);
    up = std::max(up, static_cast<double>(layer.n_significant_positive));
    down = std::max(down, static_cast<double>(layer.n_significant_negative));
  }
  Frame frame = lay_out(canvas, data, Figure::kLayers, options);
  std::tie(frame.y.lo, frame.y.hi) = with_margin(-down, up, 0.09);
  draw_y_axis(canvas, frame, count_ticks(frame.y.lo, frame.y.hi), "significant units");
  const double pitch = (frame.right - frame.left) / std::max(1.0, static_cast<double>(layers.size()));
  const double width = std::min(0.72 * pitch, 64.0);
  const std::size_t every = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(30 / pitch)));
  frame.x = {0, static_cast<double>(std::max<std::size_t>(1, layers.size())), frame.left, frame.right};
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const findings::LayerSummary& layer = *layers[i];
    const double centre = frame.left + (static_cast<double>(i) + 0.5) * pitch;
    Bar bar{.from = centre - width / 2, .to = centre + width / 2};
    bar.significant = static_cast<double>(layer.n_significant_positive);
    bar.replicated = static_cast<double>(layer.n_replicated_positive);
    draw_bar(canvas, frame, bar, 1, canvas.colours().positive);
    bar.significant = static_cast<double>(layer.n_significant_negative);
    bar.replicated = static_cast<double>(layer.n_replicated_negative);
    draw_bar(canvas, frame, bar, -1, canvas.colours().negative);
    const bool several_sites = data.run.sites.size() > 1;
    const std::string site = several_sites ? fmt::format(" {}", site_name(layer.site)) : "";
    if (i % every == 0)
      ticks.push_back({static_cast<double>(i) + 0.5, fmt::format("L{}{}", layer.layer, site)});
  }
  draw_x_axis(canvas, frame, ticks, "layer");
  canvas.line(frame.left, frame.y(0), frame.right, frame.y(0), canvas.colours().ink, 1);
  draw_legend(canvas, frame);
}

}  // namespace penfield::report
