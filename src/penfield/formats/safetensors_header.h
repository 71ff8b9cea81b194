// The JSON header of one safetensors file -> tensors, with their bytes checked to be inside the file.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/tensor_file.h"

namespace penfield::formats {

// file: the whole file; path: its name, borrowed by the tensors. Every rule of the format is checked
// (safetensors.h). Memory: a small multiple of the header's length; time: n log n in the number of tensors.
// Returned sorted by name.
[[nodiscard]] Result<std::vector<Tensor>> parse_safetensors(std::span<const std::byte> file,
                                                            std::string_view path);

}  // namespace penfield::formats
