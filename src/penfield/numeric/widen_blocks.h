// Values of a row as it lies in a file -> float32, while a panel of weights is packed.
//
// Every value is exactly the float32 that the format defines, with the roundings of ggml's reference (the
// scale times the block's scale first, then times the integer, then less the minimum; no fused step): the
// bits are those of dequantize() in the Python package gguf, whatever the processor's vectors.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "penfield/numeric/encoding.h"
#include "penfield/numeric/weight_view.h"

namespace penfield::numeric {

// Values first, first + 1, … of a row -> out. `row` is the row's first byte; the row has at least first +
// out.size() values. Whole blocks go straight to `out`; a block that the run only touches is widened beside
// it, so that runs which begin and end at a block's edge are the fastest.
void widen_run(Encoding encoding, const std::byte* row, std::size_t first, std::span<float> out);

// widen_run of one encoding, for a WeightView.
[[nodiscard]] WidenValues widen_values_of(Encoding encoding);

// n_blocks whole blocks -> n_blocks · n_values floats.
void widen_blocks(Encoding encoding, const std::byte* blocks, std::size_t n_blocks, float* out);

// The first of n_blocks blocks (of a plain type: values) whose scale is NaN or infinite, or with which a
// value can be. nullopt: every value is finite.
[[nodiscard]] std::optional<std::size_t> find_non_finite_block(Encoding encoding, const std::byte* blocks,
                                                               std::size_t n_blocks);

}  // namespace penfield::numeric
