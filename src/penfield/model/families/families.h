// The model families, each a reader of one kind of config.json (its "model_type"). A new family is one file
// beside this one, a line here and in families.cc, and a golden (CONTRIBUTING.md, "A model family").
#pragma once

#include "penfield/base/result.h"
#include "penfield/model/families/config_reader.h"
#include "penfield/model/model_spec.h"

namespace penfield::model {

// Errors: kBadInput, with file and field.
using ReadFamily = Result<ModelSpec>(const ConfigReader& config);

ReadFamily read_gpt2, read_gpt_neo, read_gpt_neox, read_opt, read_llama, read_mistral, read_qwen2, read_qwen3,
    read_gemma2, read_gemma3_text, read_gemma3, read_olmo2, read_smollm3, read_phi3;

// The reader of a "model_type"; nullptr where none is known.
[[nodiscard]] ReadFamily* find_family(std::string_view model_type);
// "gpt2, gpt_neo, …"
[[nodiscard]] std::string known_families();

}  // namespace penfield::model
