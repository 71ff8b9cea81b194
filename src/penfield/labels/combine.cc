#include "penfield/labels/combine.h"

#include <cstddef>

#include "penfield/base/check.h"

namespace penfield::labels {

std::vector<Label> combine(std::span<const std::vector<Label>> all_of,
                           std::span<const std::vector<Label>> none_of) {
  PENFIELD_CHECK(!all_of.empty());
  std::vector<Label> out = all_of.front();
  const auto join = [&](const std::vector<Label>& track, Label unwanted) {
    PENFIELD_CHECK(track.size() == out.size());
    for (std::size_t t = 0; t < out.size(); ++t) {
      if (track[t] == Label::kExcluded) {
        out[t] = Label::kExcluded;
      } else if (track[t] == unwanted && out[t] == Label::kTarget) {
        out[t] = Label::kOther;
      }
    }
  };
  for (const std::vector<Label>& track : all_of.subspan(1)) join(track, Label::kOther);
  for (const std::vector<Label>& track : none_of) join(track, Label::kTarget);
  return out;
}

}  // namespace penfield::labels
