// In what the forward pass multiplies.
#pragma once

#include <cstdint>
#include <string_view>

namespace penfield::numeric {

enum class Precision : std::uint8_t {
  kFloat32,
  kBfloat16,  // factors rounded to bfloat16, sums in float32; everything else in float32 as before
};

// As run.json and --precision write it.
[[nodiscard]] constexpr std::string_view precision_name(Precision precision) {
  return precision == Precision::kBfloat16 ? "bf16" : "f32";
}

}  // namespace penfield::numeric
