// Element types of tensors in files: those of safetensors, and the block formats of GGUF.
//
// A block format stores a fixed number of consecutive values of a row together, with the scales that they
// share; a plain type is a block of one value (of two or four for the types narrower than a byte).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "penfield/numeric/encoding.h"

namespace penfield::formats {

enum class Dtype : std::uint8_t {
  kF32,
  kF16,
  kBF16,
  kF64,
  kI64,
  kU64,
  kC64,
  kI32,
  kU32,
  kI16,
  kU16,
  kI8,
  kU8,
  kBool,
  kF8E5M2,
  kF8E4M3,
  kF8E8M0,
  kF6E2M3,
  kF6E3M2,
  kF4,
  // GGUF only.
  kQ4_0,
  kQ4_1,
  kQ5_0,
  kQ5_1,
  kQ8_0,
  kQ2_K,
  kQ3_K,
  kQ4_K,
  kQ5_K,
  kQ6_K,
  kIQ4_NL,
  kIQ4_XS,
  kMXFP4,
};

struct DtypeBlock {
  std::uint32_t n_values = 1;
  std::uint32_t n_bytes = 1;
};

// "F32", "BF16", "Q4_K", …, as the formats write it.
[[nodiscard]] std::string_view dtype_name(Dtype dtype);
// nullopt where no type of safetensors has that name.
[[nodiscard]] std::optional<Dtype> safetensors_dtype(std::string_view name);
[[nodiscard]] DtypeBlock dtype_block(Dtype dtype);
// How the kernels of numeric/ read it: F32, F16, BF16 and the block formats. nullopt: not a type of weights.
[[nodiscard]] std::optional<numeric::Encoding> encoding_of(Dtype dtype);
// Bytes of n consecutive values. nullopt where n is no multiple of the block or the bytes do not fit 64 bits.
[[nodiscard]] std::optional<std::uint64_t> dtype_bytes(Dtype dtype, std::uint64_t n_values);

}  // namespace penfield::formats
