#include "penfield/model/families/gated_parts.h"

namespace penfield::model {

Result<Architecture> read_gated(const ConfigReader& config, const GatedKeys& keys) {
  const auto size_or = [&](std::string_view key, std::uint64_t at_most, std::uint32_t otherwise) {
    return config.is_absent(key) && otherwise != 0 ? Result<std::uint32_t>(otherwise)
                                                   : config.size(key, at_most);
  };
  Architecture out;
  PENFIELD_TRY(out.width, config.size("hidden_size", kMaxWidth));
  PENFIELD_TRY(out.attention, read_attention(config, keys.attention, out.width));
  PENFIELD_TRY(out.n_positions, size_or("max_position_embeddings", kMaxPositions, keys.default_positions));
  PENFIELD_TRY(out.vocab_size, size_or("vocab_size", kMaxVocab, keys.default_vocab));
  PENFIELD_TRY(const std::uint32_t n_layers, config.size("num_hidden_layers", kMaxLayers));
  out.layers.assign(n_layers,
                    {.score_scale = inverse_root(out.attention.d_head), .window = {}, .rotary = {}});
  out.mlp.gated = true;
  PENFIELD_TRY(out.mlp.n_inner, config.size("intermediate_size", kMaxInner));
  PENFIELD_TRY(out.mlp.activation, config.activation(keys.activation, keys.default_activation));
  out.norm.kind = NormSpec::Kind::kRms;
  PENFIELD_TRY(out.norm.epsilon, config.positive_or("rms_norm_eps", keys.default_epsilon));
  PENFIELD_TRY(out.tied, config.flag("tie_word_embeddings", keys.default_tied));
  return out;
}

Result<void> set_rotary(const ConfigReader& config, const RotaryKeys& keys, Architecture& architecture) {
  PENFIELD_TRY(RotaryReading rotary,
               read_rotary(config, keys, architecture.attention.d_head, architecture.n_positions));
  architecture.n_positions = rotary.n_positions;
  architecture.rotary = {std::move(rotary.spec)};
  for (LayerSpec& layer : architecture.layers) layer.rotary = 0;
  return {};
}

Result<GatedBiases> read_biases(const ConfigReader& config) {
  GatedBiases out;
  PENFIELD_TRY(out.query_key_value, config.flag("attention_bias", false));
  out.out = out.query_key_value;
  PENFIELD_TRY(out.mlp, config.flag("mlp_bias", false));
  return out;
}

TensorRules gated_rules(const GatedBiases& biases) {
  return {.prefixes = {"model.", ""},
          .token_embedding = "embed_tokens",
          .position_embedding = "",
          .final_norm = {.name = "norm"},
          .logits = {"lm_head.weight"},
          .blocks = "layers",
          .block = {LinearRule{"self_attn.q_proj", {&Block::query}, biases.query_key_value},
                    LinearRule{"self_attn.k_proj", {&Block::key}, biases.query_key_value},
                    LinearRule{"self_attn.v_proj", {&Block::value}, biases.query_key_value},
                    LinearRule{"self_attn.o_proj", {&Block::attention_out}, biases.out},
                    LinearRule{"mlp.gate_proj", {&Block::gate}, biases.mlp},
                    LinearRule{"mlp.up_proj", {&Block::up}, biases.mlp},
                    LinearRule{"mlp.down_proj", {&Block::down}, biases.mlp}},
          .ignored = {"self_attn.rotary_emb.inv_freq"}};
}

void add_norms_before(TensorRules& rules) {
  rules.block.emplace_back(NormRule{"input_layernorm", &Block::before_attention});
  rules.block.emplace_back(NormRule{"post_attention_layernorm", &Block::before_mlp});
}

void add_query_key_norms(TensorRules& rules) {
  rules.block.emplace_back(NormRule{"self_attn.q_norm", &Block::query_norm});
  rules.block.emplace_back(NormRule{"self_attn.k_norm", &Block::key_norm});
}

}  // namespace penfield::model
