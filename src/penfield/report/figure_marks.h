// Units as marks: ▲ significant and positive, ▼ significant and negative, ● the rest; hollow where the fit is separated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "penfield/report/figure_axes.h"

namespace penfield::report {

enum class MarkKind : std::uint8_t { kRest, kRestAlternate, kPositive, kNegative };

struct UnitMark {
  double x = 0, y = 0;  // data
  const findings::Finding* unit = nullptr;
  bool is_alternate = false;  // the rest in the second grey, to tell neighbouring layers apart
};

// A mark to be named.
struct LabelRequest {
  double x = 0, y = 0;  // page
  std::string text;
  Rgb colour;
};

// Draws all marks, the rest first; then names the `n_named` units of each direction with the largest −log10 p.
void draw_units(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks, std::size_t n_named);

struct PagePoint {
  double x = 0, y = 0;
};

// Puts each text beside its mark: where it covers no mark of `others`, else where it covers no earlier text; leaves it out
// where neither is possible within the frame.
void draw_labels(const Canvas& canvas, const Frame& frame, const std::vector<LabelRequest>& requests,
                 const std::vector<PagePoint>& others);

// What the marks mean, with their numbers, on the legend's line.
void draw_unit_legend(const Canvas& canvas, const Frame& frame, const std::vector<UnitMark>& marks);

}  // namespace penfield::report
