// Everything that stands before the data of one GGUF file: metadata, and the directory of its tensors.
//
// magic "GGUF", u32 version, u64 tensors, u64 pairs; the pairs (string key, u32 type, value); the directory
// (string name, u32 number of dimensions, u64 dimensions with the fastest first, u32 type, u64 offset of the
// data); then, at the next multiple of general.alignment, the data, each tensor's at a multiple of it. A
// string is a u64 length and its bytes. Versions 2 and 3 have this layout; version 3 added files of
// big-endian numbers, which only their version, read the wrong way round, tells.
//
// Source: github.com/ggml-org/ggml, docs/gguf.md, and the checks of its reference reader (src/gguf.cpp).
// Stricter than that: no bytes before, between or behind the tensors' data but padding. The checks cost no
// memory that the file's own length does not bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/gguf/metadata.h"
#include "penfield/formats/tensor_file.h"

namespace penfield::formats {

struct GgufHeader {
  GgufMetadata metadata;
  std::vector<Tensor> tensors;  // sorted by name; shapes with the fastest axis last
};

// file: the whole file; path: its name, borrowed by the tensors. kBadInput names the key or tensor and the
// rule that the file breaks.
[[nodiscard]] Result<GgufHeader> parse_gguf(std::span<const std::byte> file, std::string_view path);

}  // namespace penfield::formats
