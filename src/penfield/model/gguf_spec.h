// A GGUF file -> what a family's reader makes of its configuration, and the names that GGUF gives to the
// tensors.
//
// Which tensors a block has is the family's rules'; what each is called, and how it is laid out, is GGUF's
// alone. Source: github.com/ggml-org/llama.cpp, gguf-py/gguf/constants.py (TENSOR_NAMES), conversion/*.py
// (what is changed on the way into the file).
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/model/model_spec.h"

namespace penfield::model {

// True of a name that ends with ".gguf".
[[nodiscard]] bool is_gguf(const std::string& path);

// Errors: those of open_gguf and gguf_config (all name the key), and of the family's reader.
[[nodiscard]] Result<ModelSpec> read_gguf_spec(const std::string& path);

}  // namespace penfield::model
