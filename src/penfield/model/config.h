// Shape of a GPT-2 checkpoint: `config.json`, checked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"

namespace penfield::model {

struct Gpt2Config {
  std::uint32_t n_embd = 0, n_layer = 0, n_head = 0, n_positions = 0, vocab_size = 0, n_inner = 0;
  float layer_norm_epsilon = 1e-5f;
  enum class Activation : std::uint8_t { kGeluNew, kGeluErf, kRelu } activation = Activation::kGeluNew;
  bool scale_attention = true;            // scores by 1/√d_head
  bool scale_attention_by_layer = false;  // and by 1/(layer + 1)
  bool tied_embeddings = true;            // the logits' matrix is wte

  [[nodiscard]] std::uint32_t d_head() const { return n_embd / n_head; }
  // What a head's scores are multiplied with before their softmax.
  [[nodiscard]] float attention_scale(std::uint32_t layer) const;
  [[nodiscard]] std::uint32_t n_units(Site site) const {
    return site == Site::kMlpPre || site == Site::kMlpPost ? n_inner : n_embd;
  }
};

// "gelu_new", "gelu", "relu".
[[nodiscard]] std::string_view activation_name(Gpt2Config::Activation activation);

// Reads <folder>/config.json. kBadInput names the field and the rule: model_type gpt2, n_head > 0 and divides
// n_embd, sizes positive and within bounds that keep every later product below 2^63; no part of the model
// that the forward pass lacks.
[[nodiscard]] Result<Gpt2Config> read_config(const std::string& folder);

}  // namespace penfield::model
