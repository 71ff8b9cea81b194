// Units as marks: ▲ significant and positive, ▼ significant and negative, ● the rest; hollow if the fit is
// separated.
#pragma once

#include <cstddef>
#include <vector>

#include "penfield/report/figures/axes.h"

namespace penfield::report {

struct UnitMark {
  double x = 0, y = 0;  // data
  const findings::Finding* unit = nullptr;
  bool is_alternate = false;  // not significant, in the second grey, to distinguish neighbouring layers
};

// Draws all marks, those that are not significant first; then labels the `n_named` units of each direction
// with the largest −log10 p.
void draw_units(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks,
                std::size_t n_named);

// Draws the legend: what the marks mean, with their counts.
void draw_unit_legend(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks);

}  // namespace penfield::report
