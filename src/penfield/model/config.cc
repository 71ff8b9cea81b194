#include "penfield/model/config.h"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "penfield/formats/json.h"

namespace penfield::model {
namespace {

using formats::find_field;

// The largest model of this family that exists has 48 blocks of width 1600. A size beyond these bounds is an
// error in the file, and every product of four of them stays below 2^63.
constexpr std::uint64_t kMaxWidth = 1u << 16;
constexpr std::uint64_t kMaxLayers = 1u << 12;
constexpr std::uint64_t kMaxPositions = 1u << 20;
constexpr std::uint64_t kMaxInner = 1u << 18;
constexpr std::uint64_t kMaxVocab = 1u << 22;

Result<std::uint32_t> read_size(const nlohmann::json& config, std::string_view key, std::uint64_t at_most,
                                std::string_view path) {
  PENFIELD_TRY(const std::uint64_t value, formats::get_unsigned(config, key, path));
  if (value == 0 || value > at_most) {
    return bad_input("{}: \"{}\" is {}, but must be from 1 to {}; the file is no usable GPT-2 configuration",
                     path, key, value, at_most);
  }
  return static_cast<std::uint32_t>(value);
}

// A field that may be missing or null.
Result<bool> read_flag(const nlohmann::json& config, std::string_view key, bool otherwise,
                       std::string_view path) {
  if (find_field(config, key) == nullptr) return otherwise;
  return formats::get_bool(config, key, path);
}

Result<Gpt2Config::Activation> read_activation(const nlohmann::json& config, std::string_view path) {
  constexpr std::string_view kKey = "activation_function";
  if (find_field(config, kKey) == nullptr) return Gpt2Config::Activation::kGeluNew;  // the family's default
  PENFIELD_TRY(const std::string name, formats::get_string(config, kKey, path));
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Gpt2Config::Activation::kGeluNew;
  if (name == "gelu") return Gpt2Config::Activation::kGeluErf;
  if (name == "relu") return Gpt2Config::Activation::kRelu;
  return bad_input("{}: \"{}\" is '{}'; Penfield computes gelu_new, gelu_pytorch_tanh, gelu and relu", path,
                   kKey, name);
}

Result<float> read_epsilon(const nlohmann::json& config, std::string_view path) {
  constexpr std::string_view kKey = "layer_norm_epsilon";
  if (find_field(config, kKey) == nullptr) return 1e-5f;  // the family's default
  PENFIELD_TRY(const double value, formats::get_double(config, kKey, path));
  const auto epsilon = static_cast<float>(value);
  if (!(value > 0) || !std::isnormal(epsilon)) {
    return bad_input("{}: \"{}\" is {}, but must be a float32 above 0", path, kKey, value);
  }
  return epsilon;
}

Result<void> check_model_type(const nlohmann::json& config, std::string_view path) {
  PENFIELD_TRY(const std::string type, formats::get_string(config, "model_type", path));
  if (type != "gpt2") {
    return bad_input("{}: \"model_type\" is '{}'; Penfield runs models of type gpt2", path, type);
  }
  PENFIELD_TRY(const bool cross, read_flag(config, "add_cross_attention", false, path));
  if (cross) return bad_input("{}: \"add_cross_attention\" is true; Penfield runs models without it", path);
  return {};
}

}  // namespace

float Gpt2Config::attention_scale(std::uint32_t layer) const {
  double scale = scale_attention ? 1.0 / std::sqrt(static_cast<double>(d_head())) : 1.0;
  if (scale_attention_by_layer) scale /= static_cast<double>(layer) + 1.0;
  return static_cast<float>(scale);
}

std::string_view activation_name(Gpt2Config::Activation activation) {
  switch (activation) {
    case Gpt2Config::Activation::kGeluNew:
      return "gelu_new";
    case Gpt2Config::Activation::kGeluErf:
      return "gelu";
    case Gpt2Config::Activation::kRelu:
      return "relu";
  }
  return "";
}

Result<Gpt2Config> read_config(const std::string& folder) {
  const std::string path = (std::filesystem::path(folder) / "config.json").string();
  PENFIELD_TRY(const nlohmann::json json, formats::read_json_file(path));
  PENFIELD_TRY_VOID(check_model_type(json, path));
  Gpt2Config config;
  PENFIELD_TRY(config.n_embd, read_size(json, "n_embd", kMaxWidth, path));
  PENFIELD_TRY(config.n_layer, read_size(json, "n_layer", kMaxLayers, path));
  PENFIELD_TRY(config.n_head, read_size(json, "n_head", kMaxWidth, path));
  PENFIELD_TRY(config.n_positions, read_size(json, "n_positions", kMaxPositions, path));
  PENFIELD_TRY(config.vocab_size, read_size(json, "vocab_size", kMaxVocab, path));
  if (config.n_embd % config.n_head != 0) {
    return bad_input(
        R"({}: "n_embd" {} is no multiple of "n_head" {}; every head must be as wide as the others)", path,
        config.n_embd, config.n_head);
  }
  config.n_inner = 4 * config.n_embd;
  if (find_field(json, "n_inner") != nullptr) {
    PENFIELD_TRY(config.n_inner, read_size(json, "n_inner", kMaxInner, path));
  }
  PENFIELD_TRY(config.layer_norm_epsilon, read_epsilon(json, path));
  PENFIELD_TRY(config.activation, read_activation(json, path));
  PENFIELD_TRY(config.scale_attention, read_flag(json, "scale_attn_weights", true, path));
  PENFIELD_TRY(config.scale_attention_by_layer,
               read_flag(json, "scale_attn_by_inverse_layer_idx", false, path));
  PENFIELD_TRY(config.tied_embeddings, read_flag(json, "tie_word_embeddings", true, path));
  return config;
}

}  // namespace penfield::model
