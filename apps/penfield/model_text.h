// A text, read with a model's tokenizer and checked against its vocabulary: the start of every pass over it.
#pragma once

#include <optional>
#include <string>

#include "flags.h"
#include "penfield/base/result.h"
#include "penfield/model/model_spec.h"
#include "penfield/text/corpus.h"
#include "penfield/tokens/bos.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::app {

struct ModelText {
  model::ModelSpec spec;
  tokens::TokenStream stream;
  std::optional<TokenId> bos;  // before every window
  std::string bos_text;        // as shown on screen
  text::Corpus corpus;
};

// model: as named on the command line; folder: where it lies. Prints notes on the text and its tokens unless
// globals.quiet.
Result<ModelText> read_model_text(const std::string& model, const std::string& folder, const TextFlags& flags,
                                  tokens::BosPolicy bos, const Globals& globals);

}  // namespace penfield::app
