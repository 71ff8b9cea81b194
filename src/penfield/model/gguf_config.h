// The metadata of a GGUF model as a configuration in the form of Hugging Face's config.json, so that one
// reader a family serves both.
//
// A GGUF file leaves out what its reader builds in for an architecture (activation functions, gemma's scale
// of queries, which layers have windows); it is filled in here. Sources: github.com/ggml-org/llama.cpp,
// conversion/*.py (which field becomes which key) and src/models/*.cpp (what is built in); transformers,
// models/*/configuration_*.py (the fields).
//
// Not in a configuration, but in tensors: the divisors of Llama 3's rotary frequencies (see
// gguf_frequency_divisors).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/gguf/gguf_file.h"

namespace penfield::model {

// kBadInput names the key: an architecture that is not known, a key that is missing, of another type, or asks
// for what no family computes (experts, another scale of scores); heads that are 0 or that the key heads do
// not divide; a rotary dimension that is odd or larger than a head.
[[nodiscard]] Result<nlohmann::json> gguf_config(const formats::GgufFile& file);

// "gemma2, gemma3, …": values of general.architecture.
[[nodiscard]] std::string known_gguf_architectures();

// What each rotary frequency is divided by (tensor rope_freqs.weight); empty where the file has none.
// kBadInput: it has another length than n_frequencies, or a value that is not a finite number above 0.
[[nodiscard]] Result<std::vector<float>> gguf_frequency_divisors(const formats::GgufFile& file,
                                                                 std::size_t n_frequencies);

}  // namespace penfield::model
