// A GGUF model: one file, or the shards that gguf-split makes of one, mapped and checked.
//
// Shards are named NAME-00001-of-00003.gguf; all have the keys split.count and split.no (from 0), the first
// has the model's metadata. Source: github.com/ggml-org/llama.cpp, tools/gguf-split, and its loader
// (llama-model-loader.cpp).
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/formats/gguf/metadata.h"
#include "penfield/formats/tensor_file.h"

namespace penfield::formats {

struct GgufFile {
  TensorFile tensors;     // of all shards; owns the bytes that metadata refers to
  GgufMetadata metadata;  // of the first shard
};

// path: the file, or any one shard; the others are found in its folder. kBadInput: a rule of the format is
// broken (header.h), a shard is missing, is of another model, or lies outside the folder. kIo: cannot be
// read.
[[nodiscard]] Result<GgufFile> open_gguf(const std::string& path);

}  // namespace penfield::formats
