// GPT-NeoX and Pythia: attention and MLP side by side. Source: Black et al. 2022; transformers,
// models/gpt_neox.
#include "penfield/model/families/attention_parts.h"
#include "penfield/model/families/families.h"
#include "penfield/model/families/rotary_parts.h"

namespace penfield::model {
namespace {

TensorRules gpt_neox_rules(bool has_attention_bias) {
  return {.prefixes = {"gpt_neox.", ""},
          .token_embedding = "embed_in",
          .position_embedding = "",
          .final_norm = {.name = "final_layer_norm", .has_shift = true},
          .logits = {"embed_out.weight", "lm_head.weight"},
          .blocks = "layers",
          .block = {NormRule{"input_layernorm", &Block::before_attention, true},
                    LinearRule{.name = "attention.query_key_value",
                               .parts = {&Block::query, &Block::key, &Block::value},
                               .has_bias = has_attention_bias,
                               .stored = Stored::kPerHead},
                    LinearRule{"attention.dense", {&Block::attention_out}, has_attention_bias},
                    NormRule{"post_attention_layernorm", &Block::before_mlp, true},
                    LinearRule{"mlp.dense_h_to_4h", {&Block::up}, true},
                    LinearRule{"mlp.dense_4h_to_h", {&Block::down}, true}},
          .ignored = {"attention.bias", "attention.masked_bias", "attention.rotary_emb.inv_freq"}};
}

}  // namespace

Result<ModelSpec> read_gpt_neox(const ConfigReader& config) {
  ModelSpec out;
  Architecture& architecture = out.architecture;
  PENFIELD_TRY(architecture.width, config.size("hidden_size", kMaxWidth));
  PENFIELD_TRY(architecture.attention,
               read_attention(config, {.kv_heads = "", .d_head = ""}, architecture.width));
  PENFIELD_TRY(architecture.n_positions, config.size("max_position_embeddings", kMaxPositions));
  PENFIELD_TRY(architecture.vocab_size, config.size("vocab_size", kMaxVocab));
  PENFIELD_TRY(const std::uint32_t n_layers, config.size("num_hidden_layers", kMaxLayers));
  architecture.layers.assign(
      n_layers, {.score_scale = inverse_root(architecture.attention.d_head), .window = {}, .rotary = 0});
  constexpr RotaryKeys kRotary = {.theta = "rotary_emb_base", .share = "rotary_pct", .default_share = 0.25};
  PENFIELD_TRY(RotaryReading rotary,
               read_rotary(config, kRotary, architecture.attention.d_head, architecture.n_positions));
  architecture.n_positions = rotary.n_positions;
  architecture.rotary = {std::move(rotary.spec)};
  PENFIELD_TRY(architecture.mlp.n_inner, config.size("intermediate_size", kMaxInner));
  PENFIELD_TRY(architecture.mlp.activation, config.activation("hidden_act", numeric::Activation::kGeluErf));
  PENFIELD_TRY(architecture.norm.epsilon, config.positive_or("layer_norm_eps", 1e-5f));
  PENFIELD_TRY(const bool is_parallel, config.flag("use_parallel_residual", true));
  architecture.residual = is_parallel ? Residual::kParallel : Residual::kSequential;
  PENFIELD_TRY(architecture.tied, config.flag("tie_word_embeddings", false));
  PENFIELD_TRY(const bool has_attention_bias, config.flag("attention_bias", true));
  out.rules = gpt_neox_rules(has_attention_bias);
  return out;
}

}  // namespace penfield::model
