// Gemma 2 and 3. Source: Gemma Team 2024 and 2025; transformers, models/gemma2 and models/gemma3.
//
// Embeddings are scaled by √width in float32. transformers rounds that factor to the type of the weights:
// loaded as bfloat16, 640 gives 25.25 instead of 25.298; loaded as float32 it is as here.
#include <algorithm>
#include <cmath>

#include "penfield/model/families/families.h"
#include "penfield/model/families/gated_parts.h"

namespace penfield::model {
namespace {

// What both have in common. The heads' widths are the families' own, not width / heads.
Result<Architecture> read_gemma(const ConfigReader& config, GatedKeys keys) {
  keys.attention.default_heads = 8;
  keys.attention.default_kv_heads = 4;
  keys.attention.default_d_head = 256;
  keys.activation = "hidden_activation";  // "hidden_act", of old files, is not used
  keys.default_activation = numeric::Activation::kGeluNew;
  keys.default_tied = true;
  PENFIELD_TRY(Architecture out, read_gated(config, keys));
  out.norm.gain_plus_one = true;
  out.embedding_scale = static_cast<float>(std::sqrt(static_cast<double>(out.width)));
  PENFIELD_TRY(const float scalar, config.positive_or("query_pre_attn_scalar", 256));
  for (LayerSpec& layer : out.layers) layer.score_scale = inverse_root(static_cast<double>(scalar));
  PENFIELD_TRY_VOID(config.must_be("use_bidirectional_attention", false));
  return out;
}

// Four norms a block: before and behind attention and the MLP.
TensorRules gemma_rules(const GatedBiases& biases) {
  TensorRules rules = gated_rules({.query_key_value = biases.query_key_value, .out = biases.out});
  rules.block.emplace_back(NormRule{"input_layernorm", &Block::before_attention});
  rules.block.emplace_back(NormRule{"post_attention_layernorm", &Block::after_attention});
  rules.block.emplace_back(NormRule{"pre_feedforward_layernorm", &Block::before_mlp});
  rules.block.emplace_back(NormRule{"post_feedforward_layernorm", &Block::after_mlp});
  return rules;
}

// Layers with a window turn by "rope_local_base_freq", the others by "rope_theta" and what scales it; since
// transformers 5, "rope_parameters" has an object for either kind of layer.
Result<void> set_gemma3_rotary(const ConfigReader& config, Architecture& architecture) {
  constexpr RotaryKeys kGlobal = {.default_theta = 1e6}, kLocal = {.theta = "rope_local_base_freq"};
  const std::uint32_t d_head = architecture.attention.d_head, n_positions = architecture.n_positions;
  RotaryReading global, local;
  if (config.has("rope_parameters")) {
    PENFIELD_TRY(const ConfigReader parameters, config.section("rope_parameters"));
    PENFIELD_TRY(const ConfigReader full, parameters.section("full_attention"));
    PENFIELD_TRY(const ConfigReader sliding, parameters.section("sliding_attention"));
    PENFIELD_TRY(global, read_rotary_parameters(full, config, kGlobal, d_head, n_positions));
    PENFIELD_TRY(local, read_rotary_parameters(sliding, config, kLocal, d_head, n_positions));
  } else {
    const ConfigReader none(nlohmann::json::object(), config.name());
    PENFIELD_TRY(global, read_rotary(config, kGlobal, d_head, n_positions));
    PENFIELD_TRY(local, read_rotary_parameters(none, config, kLocal, d_head, n_positions));
  }
  architecture.n_positions = std::min(global.n_positions, local.n_positions);
  architecture.rotary = {std::move(global.spec), std::move(local.spec)};
  for (LayerSpec& layer : architecture.layers) layer.rotary = layer.window ? 1 : 0;
  return {};
}

}  // namespace

Result<ModelSpec> read_gemma2(const ConfigReader& config) {
  ModelSpec out;
  PENFIELD_TRY(out.architecture, read_gemma(config, {}));
  PENFIELD_TRY_VOID(set_rotary(config, {}, out.architecture));
  PENFIELD_TRY(const auto window, config.size_or_null("sliding_window", kMaxPositions, 4096));
  const auto is_even = [](std::size_t layer) { return layer % 2 == 0; };
  PENFIELD_TRY_VOID(read_windows(config, window, is_even, out.architecture.layers));
  PENFIELD_TRY(out.architecture.attention.score_cap,
               config.positive_or_null("attn_logit_softcapping", 50.0f));
  PENFIELD_TRY(out.architecture.logit_cap, config.positive_or_null("final_logit_softcapping", 30.0f));
  PENFIELD_TRY(const GatedBiases biases, read_biases(config));
  out.rules = gemma_rules(biases);
  return out;
}

Result<ModelSpec> read_gemma3_text(const ConfigReader& config) {
  ModelSpec out;
  Architecture& architecture = out.architecture;
  PENFIELD_TRY(architecture, read_gemma(config, {.default_vocab = 262208, .default_positions = 131072}));
  architecture.attention.qk_norm = AttentionSpec::QkNorm::kPerHead;
  PENFIELD_TRY(const auto window, config.size_or_null("sliding_window", kMaxPositions, 4096));
  std::uint32_t pattern = 6;  // every sixth layer sees everything
  for (const char* key : {"sliding_window_pattern", "_sliding_window_pattern"}) {
    PENFIELD_TRY(pattern, config.size_or(key, kMaxLayers, pattern));
  }
  const auto slides = [&](std::size_t layer) { return (layer + 1) % pattern != 0; };
  PENFIELD_TRY_VOID(read_windows(config, window, slides, architecture.layers));
  PENFIELD_TRY_VOID(set_gemma3_rotary(config, architecture));
  PENFIELD_TRY(architecture.attention.score_cap, config.positive_or_null("attn_logit_softcapping", {}));
  PENFIELD_TRY(architecture.logit_cap, config.positive_or_null("final_logit_softcapping", {}));
  PENFIELD_TRY(const GatedBiases biases, read_biases(config));
  out.rules = gemma_rules(biases);
  add_query_key_norms(out.rules);
  return out;
}

// The text part of a model that also sees pictures.
Result<ModelSpec> read_gemma3(const ConfigReader& config) {
  PENFIELD_TRY(const ConfigReader text, config.section("text_config"));
  PENFIELD_TRY(ModelSpec out, read_gemma3_text(text));
  out.rules.prefixes = {"language_model.model.", "model.language_model."};
  out.rules.logits = {"language_model.lm_head.weight", "lm_head.weight"};
  return out;
}

}  // namespace penfield::model
