// β per SD against −log10 p: the study's funnel, on a scale that does not depend on the spread of a unit.
#include <algorithm>
#include <cmath>
#include <set>

#include "penfield/report/figures/kinds.h"
#include "penfield/report/figures/marks.h"
#include "penfield/report/words/lookup.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

// One line where all layers share a threshold, else the lowest and the highest.
void draw_thresholds(const Canvas& canvas, const Frame& frame, const ReportData& data,
                     const std::vector<UnitMark>& marks) {
  std::set<double> borders;
  std::set<std::pair<Site, std::uint32_t>> seen;
  for (const UnitMark& mark : marks) {
    const UnitId& unit = mark.unit->unit;
    if (!seen.insert({unit.site, unit.layer}).second) continue;
    const double threshold = threshold_of(data, unit.site, unit.layer);
    if (std::isfinite(threshold) && threshold < frame.y.hi) borders.insert(threshold);
  }
  if (borders.empty()) return;
  const TextStyle style{.size = 9.5, .colour = canvas.colours().muted, .along = Along::kRight};
  const auto draw = [&](double threshold, std::string_view which) {
    const double y = frame.y(threshold);
    canvas.dashed_line(frame.left, y, frame.right, y, canvas.colours().muted, 1);
    canvas.text(frame.right, y - 4, fmt::format("{}p = {}", which, p_text(threshold)), style);
  };
  const bool is_one = *borders.rbegin() - *borders.begin() < 1e-9;
  draw(*borders.begin(), is_one ? "" : "lowest threshold of a layer, ");
  if (!is_one) draw(*borders.rbegin(), "highest, ");
}

}  // namespace

void draw_funnel(const Canvas& canvas, const ReportData& data, const FigureOptions& options) {
  std::vector<UnitMark> marks;
  double least = 0, most = 0, top = 1;
  for (const findings::Finding* unit : units_to_draw(data, options)) {
    if (!std::isfinite(unit->fit.beta_sd)) continue;
    marks.push_back({unit->fit.beta_sd, unit->neglog10_p, unit});
    least = std::min(least, unit->fit.beta_sd);
    most = std::max(most, unit->fit.beta_sd);
    top = std::max(top, unit->neglog10_p);
  }
  Frame frame = lay_out(canvas, data, Figure::kFunnel, options);
  std::tie(frame.x.lo, frame.x.hi) = with_margin(least, most, 0.06);
  frame.y.hi = 1.06 * top;
  draw_y_axis(canvas, frame, round_ticks(0, frame.y.hi, 6), "−log_{10} *p*");
  draw_x_axis(canvas, frame, round_ticks(frame.x.lo, frame.x.hi, 8), "β, log-odds per SD of activation");
  canvas.line(frame.x(0), frame.top, frame.x(0), frame.bottom, canvas.colours().grid, 1.2);
  draw_thresholds(canvas, frame, data, marks);
  draw_units(canvas, frame, marks, 5);
  draw_unit_legend(canvas, frame, marks);
}

}  // namespace penfield::report
