// Several draws of the comparison group, captured once: a forward pass costs the same however many of its
// positions are kept, so the samples of all draws are captured together, and each draw is a selection of
// their rows.
#pragma once

#include <vector>

#include "penfield/sample/sample_plan.h"
#include "penfield/study/row_set.h"

namespace penfield::study {

struct DrawRows {
  sample::SamplePlan captured;  // its samples are those of any draw; without further draws the plan itself
  // Rows among captured.samples.
  SplitRows first;              // the scan
  std::vector<RowSet> further;  // of the discovery text: the same targets, another comparison group
};

[[nodiscard]] DrawRows unite_draws(const sample::SamplePlan& plan);

}  // namespace penfield::study
