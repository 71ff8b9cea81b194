// OLMo 2: norms behind attention and the MLP alone, so products read the residual stream as it is. Source:
// OLMo Team 2024; transformers, models/olmo2.
#include "penfield/model/families/families.h"
#include "penfield/model/families/gated_parts.h"

namespace penfield::model {

Result<ModelSpec> read_olmo2(const ConfigReader& config) {
  ModelSpec out;
  PENFIELD_TRY(out.architecture, read_gated(config, {.default_epsilon = 1e-5f}));
  PENFIELD_TRY_VOID(set_rotary(config, {}, out.architecture));
  out.architecture.attention.qk_norm = AttentionSpec::QkNorm::kWhole;
  PENFIELD_TRY(const GatedBiases biases, read_biases(config));
  out.rules = gated_rules({.query_key_value = biases.query_key_value, .out = biases.out});
  out.rules.block.emplace_back(NormRule{"post_attention_layernorm", &Block::after_attention});
  out.rules.block.emplace_back(NormRule{"post_feedforward_layernorm", &Block::after_mlp});
  add_query_key_norms(out.rules);
  return out;
}

}  // namespace penfield::model
