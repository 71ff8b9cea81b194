// Phi 3 and 4: llama with fused products. Source: Abdin et al. 2024; transformers, models/phi3.
#include "penfield/model/families/families.h"
#include "penfield/model/families/gated_parts.h"

namespace penfield::model {

Result<ModelSpec> read_phi3(const ConfigReader& config) {
  ModelSpec out;
  PENFIELD_TRY(out.architecture, read_gated(config, {.default_epsilon = 1e-5f}));
  PENFIELD_TRY_VOID(set_rotary(config, {}, out.architecture));
  PENFIELD_TRY(const auto window, config.size_or_null("sliding_window", kMaxPositions, {}));
  for (LayerSpec& layer : out.architecture.layers) layer.window = window;
  out.rules = gated_rules({});
  out.rules.block = {LinearRule{"self_attn.qkv_proj", {&Block::query, &Block::key, &Block::value}},
                     LinearRule{"self_attn.o_proj", {&Block::attention_out}},
                     LinearRule{"mlp.gate_up_proj", {&Block::gate, &Block::up}},
                     LinearRule{"mlp.down_proj", {&Block::down}}};
  add_norms_before(out.rules);
  return out;
}

}  // namespace penfield::model
