// One layer's activations where they lie in a mapped file, [tokens, units]: of any order and any width up to
// 64 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "penfield/base/matrix_view.h"
#include "penfield/base/unit.h"
#include "penfield/formats/dtype.h"

namespace penfield::recorded {

struct LayerMatrix {
  std::string name;  // for messages: the file's path, and the tensor's name where it has one
  Site site = Site::kRecorded;
  std::uint32_t layer = 0;
  std::size_t file = 0;  // index in LayerFiles::files
  std::uint64_t n_tokens = 0;
  std::uint32_t n_units = 0;
  formats::Dtype dtype = formats::Dtype::kF32;      // kF16, kBF16, kF32 or kF64
  const std::byte* values = nullptr;                // of token 0, unit 0; may be at any address
  std::uint64_t token_stride = 0, unit_stride = 0;  // in values
};

// out[i, j] = the activation of unit first_unit + j at token tokens[i], as float32: exact for narrower types;
// float64 is rounded, and infinite beyond float32's range. Uses parallel_for. Tokens and units must be of the
// matrix.
void read_rows(const LayerMatrix& matrix, std::span<const std::uint64_t> tokens, std::uint32_t first_unit,
               MatrixView<float> out);

}  // namespace penfield::recorded
