// OPT. Source: Zhang et al. 2022; transformers, models/opt. OPT-350m, which norms behind its blocks and
// narrows its embeddings, is refused.
#include "penfield/model/families/attention_parts.h"
#include "penfield/model/families/families.h"

namespace penfield::model {
namespace {

TensorRules opt_rules(bool has_bias) {
  return {.prefixes = {"model.decoder.", "decoder.", ""},
          .token_embedding = "embed_tokens",
          .position_embedding = "embed_positions",
          .final_norm = {.name = "final_layer_norm", .has_shift = true},
          .logits = {"lm_head.weight"},
          .blocks = "layers",
          .block = {NormRule{"self_attn_layer_norm", &Block::before_attention, true},
                    LinearRule{"self_attn.q_proj", {&Block::query}, has_bias},
                    LinearRule{"self_attn.k_proj", {&Block::key}, has_bias},
                    LinearRule{"self_attn.v_proj", {&Block::value}, has_bias},
                    LinearRule{"self_attn.out_proj", {&Block::attention_out}, has_bias},
                    NormRule{"final_layer_norm", &Block::before_mlp, true},
                    LinearRule{"fc1", {&Block::up}, has_bias}, LinearRule{"fc2", {&Block::down}, has_bias}},
          .ignored = {}};
}

}  // namespace

Result<ModelSpec> read_opt(const ConfigReader& config) {
  ModelSpec out;
  Architecture& architecture = out.architecture;
  PENFIELD_TRY_VOID(config.must_be("do_layer_norm_before", true));
  PENFIELD_TRY_VOID(config.must_be("_remove_final_layer_norm", false));
  PENFIELD_TRY_VOID(config.must_be("layer_norm_elementwise_affine", true));
  PENFIELD_TRY(architecture.width, config.size("hidden_size", kMaxWidth));
  PENFIELD_TRY_VOID(config.must_be("word_embed_proj_dim", architecture.width));
  PENFIELD_TRY(architecture.attention,
               read_attention(config, {.kv_heads = "", .d_head = ""}, architecture.width));
  PENFIELD_TRY(architecture.n_positions, config.size("max_position_embeddings", kMaxPositions));
  PENFIELD_TRY(architecture.vocab_size, config.size("vocab_size", kMaxVocab));
  PENFIELD_TRY(const std::uint32_t n_layers, config.size("num_hidden_layers", kMaxLayers));
  architecture.layers.assign(
      n_layers, {.score_scale = inverse_root(architecture.attention.d_head), .window = {}, .rotary = {}});
  PENFIELD_TRY(architecture.mlp.n_inner, config.size("ffn_dim", kMaxInner));
  PENFIELD_TRY(architecture.mlp.activation,
               config.activation("activation_function", numeric::Activation::kRelu));
  PENFIELD_TRY(architecture.tied, config.flag("tie_word_embeddings", true));
  PENFIELD_TRY(const bool has_bias, config.flag("enable_bias", true));
  architecture.learned_positions = true;
  architecture.first_position = 2;  // the rows before it were for padding
  out.rules = opt_rules(has_bias);
  return out;
}

}  // namespace penfield::model
