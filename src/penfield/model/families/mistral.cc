// Mistral: llama with a window in every layer. Source: Jiang et al. 2023; transformers, models/mistral.
#include "penfield/model/families/families.h"
#include "penfield/model/families/gated_parts.h"

namespace penfield::model {

Result<ModelSpec> read_mistral(const ConfigReader& config) {
  ModelSpec out;
  PENFIELD_TRY(out.architecture, read_gated(config, {.attention = {.default_kv_heads = 8}}));
  PENFIELD_TRY_VOID(set_rotary(config, {}, out.architecture));
  PENFIELD_TRY(const auto window, config.size_or_null("sliding_window", kMaxPositions, 4096));
  for (LayerSpec& layer : out.architecture.layers) layer.window = window;
  out.rules = gated_rules({});
  add_norms_before(out.rules);
  return out;
}

}  // namespace penfield::model
