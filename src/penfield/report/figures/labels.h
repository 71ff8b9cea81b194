// Labels next to marks, placed so that they are legible.
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

// Places each text next to its mark, in the order of the labels: where it covers no mark of `others`, else
// where it covers no earlier text. A text for which neither is possible within the frame is left out.
void draw_labels(const Canvas& canvas, const Frame& frame, const std::vector<Label>& labels,
                 const std::vector<PagePoint>& others);

}  // namespace penfield::report
