// GPT-2. Source: Radford et al. 2019; transformers, models/gpt2.
#include <cmath>

#include "penfield/model/families/attention_parts.h"
#include "penfield/model/families/families.h"

namespace penfield::model {
namespace {

constexpr AttentionKeys kGpt2Attention = {.width = "n_embd", .heads = "n_head", .kv_heads = "", .d_head = ""};

// Scores by 1/√d_head where they are scaled at all, and by 1/(layer + 1) where the config says so.
Result<std::vector<LayerSpec>> read_gpt2_layers(const ConfigReader& config, std::uint32_t d_head) {
  PENFIELD_TRY(const std::uint32_t n_layers, config.size("n_layer", kMaxLayers));
  PENFIELD_TRY(const bool by_width, config.flag("scale_attn_weights", true));
  PENFIELD_TRY(const bool by_layer, config.flag("scale_attn_by_inverse_layer_idx", false));
  std::vector<LayerSpec> layers(n_layers);
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    double scale = by_width ? 1.0 / std::sqrt(static_cast<double>(d_head)) : 1.0;
    if (by_layer) scale /= static_cast<double>(layer) + 1.0;
    layers[layer].score_scale = static_cast<float>(scale);
  }
  return layers;
}

TensorRules gpt2_rules() {
  const auto linear = [](const char* name, std::vector<Linear Block::*> parts) {
    return LinearRule{.name = name, .parts = std::move(parts), .has_bias = true, .stored = Stored::kInOut};
  };
  return {
      .prefixes = {"", "transformer."},
      .token_embedding = "wte",
      .position_embedding = "wpe",
      .final_norm = {.name = "ln_f", .has_shift = true},
      .logits = {"lm_head.weight"},
      .blocks = "h",
      .block = {NormRule{"ln_1", &Block::before_attention, true},
                linear("attn.c_attn", {&Block::query, &Block::key, &Block::value}),
                linear("attn.c_proj", {&Block::attention_out}), NormRule{"ln_2", &Block::before_mlp, true},
                linear("mlp.c_fc", {&Block::up}), linear("mlp.c_proj", {&Block::down})},
      .ignored = {"attn.bias", "attn.masked_bias"}};  // the causal mask, and what masked scores are set to
}

}  // namespace

Result<ModelSpec> read_gpt2(const ConfigReader& config) {
  ModelSpec out{.architecture = {}, .rules = gpt2_rules()};
  Architecture& architecture = out.architecture;
  PENFIELD_TRY_VOID(config.must_be("add_cross_attention", false));
  PENFIELD_TRY(architecture.width, config.size("n_embd", kMaxWidth));
  PENFIELD_TRY(architecture.attention, read_attention(config, kGpt2Attention, architecture.width));
  PENFIELD_TRY(architecture.n_positions, config.size("n_positions", kMaxPositions));
  PENFIELD_TRY(architecture.vocab_size, config.size("vocab_size", kMaxVocab));
  PENFIELD_TRY(architecture.layers, read_gpt2_layers(config, architecture.attention.d_head));
  PENFIELD_TRY(architecture.mlp.n_inner, config.size_or("n_inner", kMaxInner, 4 * architecture.width));
  PENFIELD_TRY(architecture.mlp.activation,
               config.activation("activation_function", numeric::Activation::kGeluNew));
  PENFIELD_TRY(architecture.norm.epsilon, config.positive_or("layer_norm_epsilon", 1e-5f));
  PENFIELD_TRY(architecture.tied, config.flag("tie_word_embeddings", true));
  architecture.learned_positions = true;
  return out;
}

}  // namespace penfield::model
