// A text, read with a model's tokenizer and checked against its vocabulary: the start of every pass over it.
#pragma once

#include <string>

#include "flags.h"
#include "penfield/base/result.h"
#include "penfield/model/model_spec.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::app {

struct ModelText {
  model::ModelSpec spec;
  tokens::TokenStream stream;
};

// Prints notes on the text and its tokens unless globals.quiet.
Result<ModelText> read_model_text(const std::string& folder, const TextFlags& flags, const Globals& globals);

}  // namespace penfield::app
