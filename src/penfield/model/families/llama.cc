// Llama 2 and 3, TinyLlama, SmolLM2. Source: Touvron et al. 2023; transformers, models/llama.
#include "penfield/model/families/families.h"
#include "penfield/model/families/gated_parts.h"

namespace penfield::model {

Result<ModelSpec> read_llama(const ConfigReader& config) {
  ModelSpec out;
  PENFIELD_TRY(out.architecture, read_gated(config, {}));
  PENFIELD_TRY_VOID(set_rotary(config, {}, out.architecture));
  PENFIELD_TRY(const GatedBiases biases, read_biases(config));
  out.rules = gated_rules(biases);
  add_norms_before(out.rules);
  return out;
}

}  // namespace penfield::model
