// Qwen 2, 2.5 and 3. Source: Yang et al. 2024 and 2025; transformers, models/qwen2 and models/qwen3.
#include "penfield/model/families/families.h"
#include "penfield/model/families/gated_parts.h"

namespace penfield::model {
namespace {

// Windows where "use_sliding_window" says so, in the layers from "max_window_layers" on.
Result<void> read_qwen_windows(const ConfigReader& config, std::vector<LayerSpec>& layers) {
  PENFIELD_TRY(const bool has_windows, config.flag("use_sliding_window", false));
  if (!has_windows) return {};
  PENFIELD_TRY(const auto window, config.size_or_null("sliding_window", kMaxPositions, 4096));
  std::uint64_t first = 28;
  if (config.has("max_window_layers")) {
    PENFIELD_TRY(first, config.count("max_window_layers"));
  }
  return read_windows(
      config, window, [&](std::size_t layer) { return layer >= first; }, layers);
}

Result<Architecture> read_qwen(const ConfigReader& config, const AttentionKeys& attention) {
  PENFIELD_TRY(Architecture out, read_gated(config, {.attention = attention}));
  PENFIELD_TRY_VOID(set_rotary(config, {}, out));
  PENFIELD_TRY_VOID(read_qwen_windows(config, out.layers));
  return out;
}

}  // namespace

// Its query, key and value products have biases, whatever the configuration says.
Result<ModelSpec> read_qwen2(const ConfigReader& config) {
  ModelSpec out;
  PENFIELD_TRY(out.architecture, read_qwen(config, {.default_kv_heads = 32}));
  out.rules = gated_rules({.query_key_value = true});
  add_norms_before(out.rules);
  return out;
}

Result<ModelSpec> read_qwen3(const ConfigReader& config) {
  ModelSpec out;
  PENFIELD_TRY(out.architecture, read_qwen(config, {.default_kv_heads = 32, .default_d_head = 128}));
  out.architecture.attention.qk_norm = AttentionSpec::QkNorm::kPerHead;
  PENFIELD_TRY(const GatedBiases biases, read_biases(config));
  out.rules = gated_rules({.query_key_value = biases.query_key_value, .out = biases.out});
  add_norms_before(out.rules);
  add_query_key_norms(out.rules);
  return out;
}

}  // namespace penfield::model
