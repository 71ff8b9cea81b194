// The files that hold a model's tensors, and what their names begin with.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/formats/tensor_file.h"
#include "penfield/model/tensor_rules.h"

namespace penfield::model {

// model: a .gguf file, or a folder of safetensors. kBadInput where there is none; what a folder holds instead
// (pytorch_model.bin) is named with the command that converts it.
[[nodiscard]] Result<formats::TensorFile> open_tensors(const std::string& model);

// The prefix of the rules with which the file has the token embedding; the first of them where none has it.
// kBadInput where training wrapped the model ("_orig_mod.", "module."): names the command that renames the
// tensors.
[[nodiscard]] Result<std::string> find_prefix(const formats::TensorFile& file, const TensorRules& rules);

}  // namespace penfield::model
