// Scales, ticks and the frame around a plot.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "penfield/report/figures/canvas.h"

namespace penfield::report {

// A linear map from data to points of the page.
struct Scale {
  double lo = 0, hi = 1;    // data
  double from = 0, to = 1;  // page
  [[nodiscard]] double operator()(double value) const {
    return from + (value - lo) / (hi - lo) * (to - from);
  }
};

// The plotting area and the scales of both axes. y increases upwards in data.
struct Frame {
  double left = 0, top = 0, right = 0, bottom = 0;
  Scale x, y;
};

struct Tick {
  double at = 0;
  std::string label;
};

// About `n` round numbers that cover [lo, hi]: steps of 1, 2 or 5 × 10^k; the first is >= lo, the last <= hi.
[[nodiscard]] std::vector<Tick> round_ticks(double lo, double hi, int n);
// Ticks of a square-root scale from 0 to √top over so many points of the page, at least `apart` points from
// each other: at √0, √0.1, √0.2, √0.5, √1 …
[[nodiscard]] std::vector<Tick> root_ticks(double top, double points, double apart);
// [lo, hi] with a margin on both sides; never empty.
[[nodiscard]] std::pair<double, double> with_margin(double lo, double hi, double share);

// Draws the heading, if requested, and returns the plotting area below it and the line of the legend.
[[nodiscard]] Frame lay_out(const Canvas& canvas, const ReportData& data, Figure figure,
                            const FigureOptions& options);
// Base line of the legend of this frame.
[[nodiscard]] double legend_y(const Frame& frame);

void draw_x_axis(const Canvas& canvas, const Frame& frame, const std::vector<Tick>& ticks,
                 std::string_view label);
// Draws a thin line across the plot at each tick, too.
void draw_y_axis(const Canvas& canvas, const Frame& frame, const std::vector<Tick>& ticks,
                 std::string_view label);

}  // namespace penfield::report
