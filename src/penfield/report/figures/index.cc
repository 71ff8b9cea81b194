// β over the neurons of one layer, in the order of the weights.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "penfield/report/figures/kinds.h"
#include "penfield/report/figures/marks.h"

namespace penfield::report {

void draw_index(const Canvas& canvas, const ReportData& data, const FigureOptions& options) {
  FigureOptions of_layer = options;
  of_layer.layer = index_layer(data, options);
  const bool per_sd = options.beta_scale == BetaScale::kPerSd;
  std::vector<UnitMark> marks;
  double least = 0, most = 0, last = 1;
  for (const findings::Finding* unit : units_to_draw(data, of_layer)) {
    const double beta = per_sd ? unit->fit.beta_sd : unit->fit.beta;
    if (!std::isfinite(beta)) continue;
    marks.push_back({static_cast<double>(unit->unit.index), beta, unit});
    least = std::min(least, beta);
    most = std::max(most, beta);
    last = std::max(last, static_cast<double>(unit->unit.index));
  }
  Frame frame = lay_out(canvas, data, Figure::kIndex, options);
  std::tie(frame.x.lo, frame.x.hi) = with_margin(0, last, 0.02);
  std::tie(frame.y.lo, frame.y.hi) = with_margin(least, most, 0.08);
  draw_y_axis(canvas, frame, round_ticks(frame.y.lo, frame.y.hi, 6),
              per_sd ? "β, log-odds per SD of activation" : "β, log-odds per unit of activation");
  draw_x_axis(canvas, frame, round_ticks(0, last, 8), fmt::format("unit of layer {}", *of_layer.layer));
  canvas.line(frame.left, frame.y(0), frame.right, frame.y(0), canvas.colours().muted, 0.8);
  draw_units(canvas, frame, marks, 5);
  draw_unit_legend(canvas, frame, marks);
}

}  // namespace penfield::report
