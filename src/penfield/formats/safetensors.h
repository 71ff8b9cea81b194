// Weights in the safetensors format: one file, or the shards of a folder, mapped and checked before anything
// is used.
//
// Source: the format's description in github.com/huggingface/safetensors (README, "Format"). Stricter than
// the reference reader: duplicate keys, unknown fields and ranks above 8 are refused. The memory of the
// checks is bounded by the file's length.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/formats/tensor_file.h"

namespace penfield::formats {

// kBadInput: the file breaks a rule of the format (file, tensor and rule named), or is not a regular file.
// kIo: cannot be read.
[[nodiscard]] Result<TensorFile> open_safetensors(const std::string& path);
// Opens model.safetensors, or model.safetensors.index.json with its shards; kBadInput if there is neither.
// Every tensor of the index must be in the shard it names, no shard may hold any other, and no file may be
// outside the folder (see folder_file.h).
[[nodiscard]] Result<TensorFile> open_safetensors_folder(const std::string& folder);

}  // namespace penfield::formats
