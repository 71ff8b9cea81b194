// Names beside marks, placed so that they can be read.
#pragma once

#include <string>
#include <vector>

#include "penfield/report/figures/axes.h"

namespace penfield::report {

struct PagePoint {
  double x = 0, y = 0;
};

struct Label {
  PagePoint mark;
  std::string text;
  Rgb colour;
};

// Puts each text beside its mark, the first labels first: where it covers no mark of `others`, else where it
// covers no earlier text; leaves it out where neither is possible within the frame.
void draw_labels(const Canvas& canvas, const Frame& frame, const std::vector<Label>& labels,
                 const std::vector<PagePoint>& others);

}  // namespace penfield::report
