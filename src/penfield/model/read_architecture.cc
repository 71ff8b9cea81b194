#include "penfield/model/architecture.h"

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

Result<numeric::Activation> read_activation(const nlohmann::json& config, std::string_view path) {
  constexpr std::string_view kKey = "activation_function";
  if (find_field(config, kKey) == nullptr) return numeric::Activation::kGeluNew;  // the family's default
  PENFIELD_TRY(const std::string name, formats::get_string(config, kKey, path));
  if (const auto activation = numeric::parse_activation(name)) return *activation;
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

// Scores by 1/√d_head where they are scaled at all, and by 1/(layer + 1) where the config says so.
Result<void> read_score_scales(const nlohmann::json& config, std::string_view path,
                               Architecture& architecture) {
  PENFIELD_TRY(const bool by_width, read_flag(config, "scale_attn_weights", true, path));
  PENFIELD_TRY(const bool by_layer, read_flag(config, "scale_attn_by_inverse_layer_idx", false, path));
  for (std::size_t layer = 0; layer < architecture.layers.size(); ++layer) {
    double scale = by_width ? 1.0 / std::sqrt(static_cast<double>(architecture.attention.d_head)) : 1.0;
    if (by_layer) scale /= static_cast<double>(layer) + 1.0;
    architecture.layers[layer].score_scale = static_cast<float>(scale);
  }
  return {};
}

}  // namespace

std::uint32_t Architecture::n_units(Site site) const {
  return site == Site::kMlpPre || site == Site::kMlpPost ? mlp.n_inner : width;
}

Result<Architecture> read_architecture(const std::string& folder) {
  const std::string path = (std::filesystem::path(folder) / "config.json").string();
  PENFIELD_TRY(const nlohmann::json json, formats::read_json_file(path));
  PENFIELD_TRY_VOID(check_model_type(json, path));
  Architecture architecture;
  PENFIELD_TRY(architecture.width, read_size(json, "n_embd", kMaxWidth, path));
  architecture.family = "gpt2";
  PENFIELD_TRY(const std::uint32_t n_layers, read_size(json, "n_layer", kMaxLayers, path));
  architecture.layers.resize(n_layers);
  PENFIELD_TRY(architecture.attention.n_heads, read_size(json, "n_head", kMaxWidth, path));
  PENFIELD_TRY(architecture.n_positions, read_size(json, "n_positions", kMaxPositions, path));
  PENFIELD_TRY(architecture.vocab_size, read_size(json, "vocab_size", kMaxVocab, path));
  if (architecture.width % architecture.attention.n_heads != 0) {
    return bad_input(
        R"({}: "n_embd" {} is no multiple of "n_head" {}; every head must be as wide as the others)", path,
        architecture.width, architecture.attention.n_heads);
  }
  architecture.attention.d_head = architecture.width / architecture.attention.n_heads;
  architecture.mlp.n_inner = 4 * architecture.width;
  if (find_field(json, "n_inner") != nullptr) {
    PENFIELD_TRY(architecture.mlp.n_inner, read_size(json, "n_inner", kMaxInner, path));
  }
  PENFIELD_TRY(architecture.norm.epsilon, read_epsilon(json, path));
  PENFIELD_TRY(architecture.mlp.activation, read_activation(json, path));
  PENFIELD_TRY_VOID(read_score_scales(json, path, architecture));
  PENFIELD_TRY(architecture.tied, read_flag(json, "tie_word_embeddings", true, path));
  return architecture;
}

}  // namespace penfield::model
