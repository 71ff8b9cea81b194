// The precision of the factors in the forward pass's matrix products.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace penfield::numeric {

enum class Precision : std::uint8_t {
  kFloat32,
  kBfloat16,  // factors rounded to bfloat16, sums in float32; everything else in float32
};

// "f32" or "bf16", as in run.json and --precision.
[[nodiscard]] constexpr std::string_view precision_name(Precision precision) {
  return precision == Precision::kBfloat16 ? "bf16" : "f32";
}

[[nodiscard]] constexpr std::optional<Precision> parse_precision(std::string_view name) {
  for (const Precision precision : {Precision::kFloat32, Precision::kBfloat16}) {
    if (precision_name(precision) == name) return precision;
  }
  return std::nullopt;
}

}  // namespace penfield::numeric
