// The key-value pairs of a GGUF file, checked.
#pragma once

#include <cstdint>

#include "penfield/base/result.h"
#include "penfield/formats/gguf/byte_reader.h"
#include "penfield/formats/gguf/metadata.h"

namespace penfield::formats {

// n_pairs pairs from where `reader` stands. kBadInput: an empty, overlong or unprintable key, a key twice, an
// unknown type, a bool other than 0 and 1, arrays nested deeper than kMaxGgufArrayDepth, or a value longer
// than the file.
inline constexpr unsigned kMaxGgufArrayDepth = 8;
[[nodiscard]] Result<GgufMetadata> read_metadata(GgufByteReader& reader, std::uint64_t n_pairs);

}  // namespace penfield::formats
