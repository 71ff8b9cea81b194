// The activation functions of a block's MLP, over a row of float32.
//
// `gelu_new` is GPT-2's: the tanh form of Hendrycks & Gimpel 2016, eq. 3. It differs from the exact form by
// up to 5e-4, so using the wrong one gives a wrong model whose output looks plausible.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace penfield::numeric {

enum class Activation : std::uint8_t {
  kGeluNew,     // x · ½(1 + tanh(√(2/π)(x + 0.044715 x³)))
  kGeluErf,     // x · Φ(x), Φ the normal distribution
  kRelu,        // max(x, 0)
  kReluSquare,  // max(x, 0)²
  kRelu6,       // min(max(x, 0), 6)
  kSilu,        // x · σ(x), σ(x) = 1 / (1 + exp(−x))
  kQuickGelu,   // x · σ(1.702 x)
  kTanh,
  kSigmoid,  // σ(x)
  kLinear,   // x
};

// As run.json writes it: "gelu_new", "gelu", "relu", "relu2", "relu6", "silu", "quick_gelu", "tanh",
// "sigmoid", "linear".
[[nodiscard]] std::string_view activation_name(Activation activation);
// By its name in a config.json, where several functions have more than one ("gelu_pytorch_tanh", "gelu_fast",
// "swish"); std::nullopt where it is not computed.
[[nodiscard]] std::optional<Activation> parse_activation(std::string_view name);
// All names that parse_activation knows, for messages: "gelu_new, gelu_pytorch_tanh, …".
[[nodiscard]] std::string known_activations();

// in and out may be the same; of one size. Error against the scalar twin: |Δ| <= 4e-7 · max(|x|, 1), of
// kReluSquare max(x², 1) (measured over −20 … 20; activation_test.cc holds it).
void activate(Activation activation, std::span<const float> in, std::span<float> out);
// The scalar twin.
[[nodiscard]] double activate_scalar(Activation activation, double x);

}  // namespace penfield::numeric
