// The activation functions of a block's MLP, over a row of float32.
//
// `gelu_new` is GPT-2's own: Hendrycks & Gimpel 2016, eq. 3, the tanh form. It differs from the exact form by
// up to 5e-4, which is a wrong model that looks right.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace penfield::numeric {

enum class Activation : std::uint8_t { kGeluNew, kGeluErf, kRelu };

// "gelu_new", "gelu", "relu".
[[nodiscard]] std::string_view activation_name(Activation activation);
// By its name in a config.json; std::nullopt where it is not computed.
[[nodiscard]] std::optional<Activation> parse_activation(std::string_view name);

// in and out may be the same; of one size.
void activate(Activation activation, std::span<const float> in, std::span<float> out);
// The scalar twin.
[[nodiscard]] double activate_scalar(Activation activation, double x);

// x · ½(1 + tanh(√(2/π)(x + 0.044715 x³))), computed as x / (1 + exp(−2u)). in and out may be the same.
// Error against the scalar twin: |Δ| <= 4e-7 · max(|x|, 1) (measured over −20 … 20; activation_test.cc holds
// it).
void gelu_new(std::span<const float> in, std::span<float> out);
// x · Φ(x), Φ the normal distribution. Error against the scalar twin: |Δ| <= 4e-7 · max(|x|, 1).
void gelu_erf(std::span<const float> in, std::span<float> out);
// max(x, 0), exactly.
void relu(std::span<const float> in, std::span<float> out);

// The scalar twins.
inline double gelu_new_scalar(double x) {
  constexpr double kSqrt2OverPi = 0.79788456080286535588;
  return 0.5 * x * (1.0 + std::tanh(kSqrt2OverPi * (x + 0.044715 * x * x * x)));
}
inline double gelu_erf_scalar(double x) {
  return 0.5 * x * std::erfc(-x * 0.70710678118654752440);
}

}  // namespace penfield::numeric
