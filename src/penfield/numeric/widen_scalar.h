// The scalar twin of widen_blocks, and its fallback for the formats without a kernel.
#pragma once

#include <cstddef>

#include "penfield/numeric/encoding.h"

namespace penfield::numeric {

void widen_blocks_scalar(Encoding encoding, const std::byte* blocks, std::size_t n_blocks, float* out);

}  // namespace penfield::numeric
