// The tokens of a split that may be drawn.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "penfield/labels/label_track.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::sample {

// In the order of the text.
struct Candidates {
  std::vector<Sample> targets, others;
};

// labels      [n_tokens of the stream]; kExcluded tokens are in neither group
// skip_first  positions left out at the start of every window
[[nodiscard]] Candidates candidates_of(std::span<const labels::Label> labels, std::uint32_t skip_first,
                                       Split split, std::span<const Window> windows);

// By window, then position.
void in_text_order(std::vector<Sample>& samples);

}  // namespace penfield::sample
