// What a model computes, as data: shapes, what is present, and a few enumerations. The forward pass reads
// nothing else; who wants another model writes a reader for it (families/) that fills this in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/numeric/activation.h"

namespace penfield::model {

struct NormSpec {
  enum class Kind : std::uint8_t { kLayer, kRms } kind = Kind::kLayer;
  float epsilon = 1e-5f;
  bool gain_plus_one = false;  // the file holds gains less one

  bool operator==(const NormSpec&) const = default;
};

// Rotary positions (Su et al. 2021): of every head's query and key, dimensions j and j + n / 2 of the first n
// turn by position · frequencies[j].
struct RotarySpec {
  std::vector<float> frequencies;  // [n / 2], radians a position
  float amplitude = 1;             // of the turned values (YaRN)

  bool operator==(const RotarySpec&) const = default;
};

// What differs from layer to layer.
struct LayerSpec {
  float score_scale = 1;                // what attention scores are multiplied with before their softmax
  std::optional<std::uint32_t> window;  // keys that a query sees, itself among them; none: all up to itself
  std::optional<std::uint32_t> rotary;  // of Architecture::rotary; none: nothing turns

  bool operator==(const LayerSpec&) const = default;
};

struct AttentionSpec {
  std::uint32_t n_heads = 0, n_kv_heads = 0, d_head = 0;
  std::optional<float> score_cap;  // scaled scores become cap · tanh(score / cap)
  enum class QkNorm : std::uint8_t { kNone, kPerHead, kWhole } qk_norm = QkNorm::kNone;  // before they turn

  bool operator==(const AttentionSpec&) const = default;
};

struct MlpSpec {
  std::uint32_t n_inner = 0;
  numeric::Activation activation = numeric::Activation::kGeluNew;
  bool gated = false;  // activation(gate x) · (up x) instead of activation(up x)

  bool operator==(const MlpSpec&) const = default;
};

enum class Residual : std::uint8_t {
  kSequential,  // x += attention(x); x += mlp(x)
  kParallel,    // x += attention(x) + mlp(x): the MLP reads x as it was before attention
};

struct Architecture {
  std::string family;  // "gpt2": for messages and run.json; nothing is computed by it
  std::uint32_t width = 0, vocab_size = 0, n_positions = 0;
  std::vector<LayerSpec> layers;
  std::vector<RotarySpec> rotary;
  NormSpec norm;
  AttentionSpec attention;
  MlpSpec mlp;
  Residual residual = Residual::kSequential;
  bool learned_positions = false;
  std::uint32_t first_position = 0;  // row of the position embedding that position 0 has
  float embedding_scale = 1;         // of token embeddings
  std::optional<float> logit_cap;    // logits become cap · tanh(logit / cap)
  bool tied = true;                  // the logits' matrix is the token embedding

  bool operator==(const Architecture&) const = default;

  [[nodiscard]] std::uint32_t n_layers() const { return static_cast<std::uint32_t>(layers.size()); }
  // The width of a site; nothing else knows it. 0 where the model has no such site (mlp.up without a gate).
  [[nodiscard]] std::uint32_t n_units(Site site) const;
  // What the literature calls the neurons of such a model: mlp.pre, or mlp.post where the MLP is gated.
  [[nodiscard]] Site default_site() const;
  // Tokens of a window where nobody says how many: the context, or 1024 where that is longer.
  [[nodiscard]] std::uint32_t default_window() const;
};

// Reads <folder>/config.json. kBadInput names the field and the rule: a known model_type, sizes positive and
// within bounds that keep every later product below 2^63; no part of the model that the forward pass lacks.
[[nodiscard]] Result<Architecture> read_architecture(const std::string& folder);

}  // namespace penfield::model
