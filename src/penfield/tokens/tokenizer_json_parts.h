// The parts of tokenizer.json that act on text and sequences: normaliser, pre-tokeniser, post-processor.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

// Fills in alphabet, normalizer, before_split, isolate_digits and splitter. kBadInput: a part, a pattern, or
// an order of parts that is not known, by its name or text.
[[nodiscard]] Result<void> read_text_steps(const nlohmann::json& root, std::string_view file_name,
                                           Spec& spec);

// Fills in bos and adds_bos from the template of one sequence; for a Spec with its vocabulary.
[[nodiscard]] Result<void> read_template(const nlohmann::json& root, std::string_view file_name, Spec& spec);

}  // namespace penfield::tokens
