#include "penfield/sample/candidates.h"

#include <algorithm>

namespace penfield::sample {

Candidates candidates_of(std::span<const labels::Label> labels, std::uint32_t skip_first, Split split,
                         std::span<const Window> windows) {
  Candidates out;
  for (std::uint32_t w = 0; w < windows.size(); ++w) {
    const Window& window = windows[w];
    if (window.split != split) continue;
    for (std::uint32_t position = skip_first; position < window.n_tokens; ++position) {
      const labels::Label label = labels[window.first_token + position];
      if (label == labels::Label::kTarget)
        out.targets.push_back({.window = w, .position = position, .is_target = true});
      if (label == labels::Label::kOther)
        out.others.push_back({.window = w, .position = position, .is_target = false});
    }
  }
  return out;
}

void in_text_order(std::vector<Sample>& samples) {
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) {
    return a.window != b.window ? a.window < b.window : a.position < b.position;
  });
}

}  // namespace penfield::sample
