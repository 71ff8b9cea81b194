// A model's tokenizer, from whatever holds it.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

// model: a .gguf file; or a folder with tokenizer.json, or else with vocab.json and merges.txt. kIo: none is
// there or can be read; kBadInput: those of the three readers.
[[nodiscard]] Result<Spec> read_spec(const std::string& model);

}  // namespace penfield::tokens
