// Control lists: random words in the place of a concept's words.
//
// A concept is a set of words, and a set of words can be told apart for no better reason than how often its
// words are used. A control list has as many words with as many uses and no meaning, so what a scan finds of
// it is what the scan finds of nothing. Source of the idea: control tasks, Hewitt & Liang 2019, "Designing
// and interpreting probes with control tasks".
#pragma once

#include "penfield/base/random.h"
#include "penfield/labels/label_track.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

// For each token type with k targets in `asked`, a random type with k uses, or of the ten whose number of
// uses is nearest; each type once. All uses are targets and all other tokens kOther. Types are drawn from all
// of the stream, those of `asked` among them: the list knows nothing of the concept. Tokens that `asked`
// excludes are no uses and stay excluded. The number of targets is near that of `asked`.
[[nodiscard]] LabelTrack control_list(const tokens::TokenStream& stream, const LabelTrack& asked,
                                      Random& random);

}  // namespace penfield::labels
