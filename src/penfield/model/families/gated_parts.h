// What llama and its relatives have in common: RMS norms, rotary positions, a gated MLP, and names.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/model/families/attention_parts.h"
#include "penfield/model/families/config_reader.h"
#include "penfield/model/families/rotary_parts.h"
#include "penfield/model/model_spec.h"

namespace penfield::model {

struct GatedKeys {
  AttentionKeys attention = {};
  std::string_view activation = "hidden_act";
  numeric::Activation default_activation = numeric::Activation::kSilu;
  float default_epsilon = 1e-6f;
  bool default_tied = false;
  std::uint32_t default_vocab = 0, default_positions = 0;  // 0: must be there
};

// All of the architecture but positions; scores are scaled by 1/√d_head.
[[nodiscard]] Result<Architecture> read_gated(const ConfigReader& config, const GatedKeys& keys);

// One set of rotary frequencies for every layer; the context may become shorter (longrope).
[[nodiscard]] Result<void> set_rotary(const ConfigReader& config, const RotaryKeys& keys,
                                      Architecture& architecture);

struct GatedBiases {
  bool query_key_value = false, out = false, mlp = false;
};

// "attention_bias" and "mlp_bias", both false where they are missing.
[[nodiscard]] Result<GatedBiases> read_biases(const ConfigReader& config);

// Names of a Hugging Face checkpoint, without any norms in its blocks.
[[nodiscard]] TensorRules gated_rules(const GatedBiases& biases);
// The norms of llama's blocks, before attention and before the MLP.
void add_norms_before(TensorRules& rules);
// Norms of queries and keys.
void add_query_key_norms(TensorRules& rules);

}  // namespace penfield::model
