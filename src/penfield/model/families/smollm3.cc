// SmolLM3: llama where every fourth layer has no positions. Source: transformers, models/smollm3.
#include "penfield/formats/json.h"
#include "penfield/model/families/families.h"
#include "penfield/model/families/gated_parts.h"

namespace penfield::model {
namespace {

// "no_rope_layers" holds 0 for a layer where nothing turns; without it, every no_rope_layer_interval-th is
// one.
Result<void> leave_out_rotary(const ConfigReader& config, std::vector<LayerSpec>& layers) {
  if (!config.has("no_rope_layers")) {
    PENFIELD_TRY(const std::uint32_t interval, config.size_or("no_rope_layer_interval", kMaxLayers, 4));
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      if ((layer + 1) % interval == 0) layers[layer].rotary = std::nullopt;
    }
    return {};
  }
  PENFIELD_TRY(const nlohmann::json* turns,
               formats::get_array(config.object(), "no_rope_layers", config.name()));
  if (turns->size() != layers.size()) {
    return bad_input("{}: \"no_rope_layers\" has {} entries for {} layers", config.name(), turns->size(),
                     layers.size());
  }
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const nlohmann::json& turn = (*turns)[layer];
    if (turn != 0 && turn != 1)
      return bad_input("{}: \"no_rope_layers\" must hold 0 and 1 alone", config.name());
    if (turn == 0) layers[layer].rotary = std::nullopt;
  }
  return {};
}

}  // namespace

Result<ModelSpec> read_smollm3(const ConfigReader& config) {
  ModelSpec out;
  std::vector<LayerSpec>& layers = out.architecture.layers;
  PENFIELD_TRY(out.architecture,
               read_gated(config, {.attention = {.default_kv_heads = 4}, .default_tied = true}));
  PENFIELD_TRY_VOID(set_rotary(config, {.default_theta = 2e6}, out.architecture));
  PENFIELD_TRY_VOID(leave_out_rotary(config, layers));
  PENFIELD_TRY(const bool has_windows, config.flag("use_sliding_window", false));
  PENFIELD_TRY(const auto window, config.size_or_null("sliding_window", kMaxPositions, {}));
  const auto slides = [&](std::size_t layer) { return !layers[layer].rotary; };
  if (has_windows) PENFIELD_TRY_VOID(read_windows(config, window, slides, layers));
  PENFIELD_TRY(const GatedBiases biases, read_biases(config));
  out.rules = gated_rules(biases);
  add_norms_before(out.rules);
  return out;
}

}  // namespace penfield::model
