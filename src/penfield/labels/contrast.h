// One concept against another, such as proper nouns against capitals that begin a sentence or common nouns.
//
// If the comparison group is all other tokens, a unit that responds to capitals, or to words, or to content
// words looks like a unit for names. Against a concept that shares those properties it does not.
#pragma once

#include "penfield/labels/label_track.h"

namespace penfield::labels {

// The targets of `asked`, with the targets of `against` as comparison and everything else kExcluded. Both
// tracks belong to one stream. A token that both mark is a target and is counted in n_both. What `asked`
// excludes stays excluded, because further pieces of a target word are not a comparison for its first piece.
[[nodiscard]] LabelTrack contrast(LabelTrack asked, const LabelTrack& against);

}  // namespace penfield::labels
