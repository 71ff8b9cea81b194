// The labels room's door: a concept and a tokenised text -> one label a token.
#pragma once

#include "penfield/base/result.h"
#include "penfield/labels/concept.h"
#include "penfield/labels/label_track.h"
#include "penfield/labels/pieces.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

// stream: the tokens of corpus, document by document.
// pieces: for the concepts that mark words (words, upos, xpos); the rest label tokens, and take no notice of
// it. A text without any target gives n_target = 0, which is no error here. Where a concept needs gold tags,
// documents without them are wholly kExcluded: nothing is known of their tokens. kBadInput: gold tags needed,
// and the text has none; or as read_label_file.
[[nodiscard]] Result<LabelTrack> label_tokens(const Concept& asked, const text::Corpus& corpus,
                                              const tokens::TokenStream& stream,
                                              Pieces pieces = Pieces::kFirst);

}  // namespace penfield::labels
