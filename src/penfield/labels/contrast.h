// One concept against another: proper nouns against capitals that begin a sentence, against common nouns.
//
// Where the comparison group is everything else, a unit that tells capitals, or words, or content words from
// the rest passes for one that tells names. Against a concept that shares those, it does not.
#pragma once

#include "penfield/labels/label_track.h"

namespace penfield::labels {

// The targets of `asked`, with the targets of `against` for comparison and everything else kExcluded. Both
// are of one stream. A token that both mark is a target, and counted (n_both); what `asked` excludes stays
// excluded: the further pieces of a target word are no comparison for its first one.
[[nodiscard]] LabelTrack contrast(LabelTrack asked, const LabelTrack& against);

}  // namespace penfield::labels
