#include "penfield/labels/contrast.h"

#include <cstddef>
#include <utility>

#include "penfield/base/check.h"

namespace penfield::labels {

LabelTrack contrast(LabelTrack asked, const LabelTrack& against) {
  PENFIELD_CHECK(asked.labels.size() == against.labels.size());
  LabelTrack out = std::move(asked);
  out.comparison_name = against.concept_name;
  for (std::size_t t = 0; t < out.labels.size(); ++t) {
    const bool is_compared = against.labels[t] == Label::kTarget;
    if (out.labels[t] == Label::kTarget && is_compared) ++out.n_both;
    if (out.labels[t] == Label::kOther && !is_compared) out.labels[t] = Label::kExcluded;
  }
  return out;
}

}  // namespace penfield::labels
