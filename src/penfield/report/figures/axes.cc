#include "penfield/report/figures/axes.h"

#include <cmath>

#include "penfield/report/words/run_story.h"
#include "penfield/report/words/visible_text.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

constexpr double kLeft = 62, kRight = 22, kBottom = 50, kLegend = 26, kHeading = 48;

double round_step(double span, int n) {
  const double rough = span / std::max(1, n);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (step * power >= rough * 0.999) return step * power;
  }
  return 10 * power;
}

// Cut to a width with "…", at a character's border. Found by halving: names may be long.
std::string cut_to(const Canvas& canvas, const std::string& text, const TextStyle& style, double width) {
  if (canvas.text_width(text, style) <= width) return text;
  const auto until = [&](std::size_t cut) {
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    return text.substr(0, cut) + "…";
  };
  std::size_t fits = 0, too_long = text.size();
  while (too_long - fits > 1) {
    const std::size_t middle = (fits + too_long) / 2;
    (canvas.text_width(until(middle), style) <= width ? fits : too_long) = middle;
  }
  return until(fits);
}

}  // namespace

std::vector<Tick> round_ticks(double lo, double hi, int n) {
  std::vector<Tick> ticks;
  if (!(hi > lo)) return ticks;
  const double step = round_step(hi - lo, n);
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  const double first = std::ceil(lo / step - 1e-9);
  for (double k = first; k * step <= hi + 1e-9 * step; ++k) {
    std::string label = fixed_text(k * step, decimals);
    if (std::abs(k * step) >= 1000 && std::abs(k * step) < 1e5 && decimals == 0) {
      label = (k < 0 ? "−" : "") + count_text(static_cast<std::uint64_t>(std::llround(std::abs(k * step))));
    }
    ticks.push_back({k * step, label});
  }
  return ticks;
}

std::vector<Tick> root_ticks(double top, double points, double apart) {
  std::vector<Tick> ticks = {{0, "0"}};
  for (int exponent = -1; std::pow(10.0, exponent) <= top; ++exponent) {
    const double power = std::pow(10.0, exponent);
    for (const double step : {1.0, 2.0, 5.0}) {
      const double at = std::sqrt(step * power);
      const bool has_room = (at - ticks.back().at) / std::sqrt(top) * points >= apart;
      if (step * power <= top && has_room) ticks.push_back({at, significant_text(step * power, 1)});
    }
  }
  return ticks;
}

std::pair<double, double> with_margin(double lo, double hi, double share) {
  if (!(hi > lo)) return {lo - 1, lo + 1};
  const double room = share * (hi - lo);
  return {lo - room, hi + room};
}

Frame lay_out(const Canvas& canvas, const ReportData& data, Figure figure, const FigureOptions& options) {
  const double heading = options.heading == FigureHeading::kInside ? kHeading : 0;
  Frame frame{.left = kLeft,
              .top = heading + kLegend + 8,
              .right = canvas.width() - kRight,
              .bottom = canvas.height() - kBottom,
              .x = {},
              .y = {}};
  frame.x.from = frame.left;
  frame.x.to = frame.right;
  frame.y.from = frame.bottom;
  frame.y.to = frame.top;
  if (options.heading == FigureHeading::kInside) {
    const TextStyle title{.size = 14.5, .colour = canvas.colours().ink, .weight = Weight::kBold};
    const TextStyle below{.size = 10.5, .colour = canvas.colours().muted};
    const double room = canvas.width() - 40;
    canvas.text(20, 26, cut_to(canvas, figure_title(data, figure, options), title, room), title);
    const std::string run = fmt::format("{}: {}; {} and {}", tell_run(data).title, units_phrase(data),
                                        counted(data.run.counts[0].n_target, "target"),
                                        counted(data.run.counts[0].n_comparison, "comparison token"));
    canvas.text(20, 43, cut_to(canvas, run, below, room), below);
  }
  return frame;
}

double legend_y(const Frame& frame) {
  return frame.top - 16;
}

void draw_x_axis(const Canvas& canvas, const Frame& frame, const std::vector<Tick>& ticks,
                 std::string_view label) {
  const Palette& colours = canvas.colours();
  canvas.line(frame.left, frame.bottom, frame.right, frame.bottom, colours.muted, 1);
  for (const Tick& tick : ticks) {
    const double x = frame.x(tick.at);
    canvas.line(x, frame.bottom, x, frame.bottom + 4, colours.muted, 1);
    canvas.text(x, frame.bottom + 17, tick.label,
                {.size = 10, .colour = colours.muted, .along = Along::kCentre});
  }
  canvas.text((frame.left + frame.right) / 2, frame.bottom + 37, label,
              {.size = 11.5, .colour = colours.ink, .along = Along::kCentre}, Canvas::Markup::kYes);
}

void draw_y_axis(const Canvas& canvas, const Frame& frame, const std::vector<Tick>& ticks,
                 std::string_view label) {
  const Palette& colours = canvas.colours();
  for (const Tick& tick : ticks) {
    const double y = frame.y(tick.at);
    canvas.line(frame.left, y, frame.right, y, colours.grid, 1);
    canvas.text(frame.left - 8, y + 3.5, tick.label,
                {.size = 10, .colour = colours.muted, .along = Along::kRight});
  }
  canvas.text_upwards(20, (frame.top + frame.bottom) / 2, label,
                      {.size = 11.5, .colour = colours.ink, .along = Along::kCentre}, Canvas::Markup::kYes);
}

}  // namespace penfield::report
