// What a model computes, as data: shapes, what is present, and two enumerations. The forward pass reads
// nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/numeric/activation.h"

namespace penfield::model {

// What differs from layer to layer.
struct LayerSpec {
  float score_scale = 1;  // what attention scores are multiplied with before their softmax
};

struct AttentionSpec {
  std::uint32_t n_heads = 0, d_head = 0;
};

struct MlpSpec {
  std::uint32_t n_inner = 0;
  numeric::Activation activation = numeric::Activation::kGeluNew;
};

struct NormSpec {
  float epsilon = 1e-5f;
};

struct Architecture {
  std::string family;  // "gpt2": for messages and run.json; nothing is computed by it
  std::uint32_t width = 0, vocab_size = 0, n_positions = 0;
  std::vector<LayerSpec> layers;
  NormSpec norm;
  AttentionSpec attention;
  MlpSpec mlp;
  bool tied = true;  // the logits' matrix is the token embedding

  [[nodiscard]] std::uint32_t n_layers() const { return static_cast<std::uint32_t>(layers.size()); }
  // The width of a site; nothing else knows it.
  [[nodiscard]] std::uint32_t n_units(Site site) const;
};

// Reads <folder>/config.json. kBadInput names the field and the rule: a known model_type, sizes positive and
// within bounds that keep every later product below 2^63; no part of the model that the forward pass lacks.
[[nodiscard]] Result<Architecture> read_architecture(const std::string& folder);

}  // namespace penfield::model
