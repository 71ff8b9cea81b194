// Text, tokens and labels: the first three rooms in sequence, for `label`, `activations` and `scan`.
#pragma once

#include <span>
#include <string>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/labels/concept.h"
#include "penfield/labels/label_track.h"
#include "penfield/labels/pieces.h"
#include "penfield/study/stage_clock.h"
#include "penfield/text/corpus.h"
#include "penfield/tokens/token_stream.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::study {

struct LabelledText {
  text::Corpus corpus;
  tokens::TokenStream stream;
  labels::LabelTrack track;
};

// Errors as read_corpus and label_tokens.
[[nodiscard]] Result<LabelledText> read_labelled_text(std::span<const std::string> paths,
                                                      const text::TextOptions& options,
                                                      const tokens::Tokenizer& tokenizer,
                                                      const tokens::EncodeOptions& encode,
                                                      const labels::Concept& asked, labels::Pieces pieces,
                                                      StageClock& clock, const Watch& watch = {});

}  // namespace penfield::study
