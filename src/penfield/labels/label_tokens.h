// The entry point of the labels room: a concept and a tokenised text -> one label a token.
#pragma once

#include "penfield/base/result.h"
#include "penfield/labels/concept.h"
#include "penfield/labels/label_track.h"
#include "penfield/labels/pieces.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

// stream: the tokens of corpus, document by document. pieces: which tokens of a marked word are targets; the
// concepts that label tokens (proper-noun-study, labels) ignore it. A text without targets gives n_target =
// 0, which is not an error here. If a concept needs gold tags, documents without them are wholly kExcluded.
// kBadInput: the concept needs gold tags and the text has none. Other errors as read_label_file.
[[nodiscard]] Result<LabelTrack> label_tokens(const Concept& asked, const text::Corpus& corpus,
                                              const tokens::TokenStream& stream,
                                              Pieces pieces = Pieces::kFirst);

}  // namespace penfield::labels
