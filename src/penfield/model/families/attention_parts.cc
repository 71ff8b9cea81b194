#include "penfield/model/families/attention_parts.h"

#include <cmath>

#include "penfield/formats/message_text.h"

namespace penfield::model {

Result<AttentionSpec> read_attention(const ConfigReader& config, const AttentionKeys& keys,
                                     std::uint32_t width) {
  AttentionSpec out;
  const auto known = [](std::uint32_t n) { return n == 0 ? std::nullopt : std::optional(n); };
  if (config.is_absent(keys.heads) && keys.default_heads != 0) {
    out.n_heads = keys.default_heads;
  } else {
    PENFIELD_TRY(out.n_heads, config.size(keys.heads, kMaxWidth));
  }
  std::optional<std::uint32_t> kv_heads, d_head;
  if (!keys.kv_heads.empty()) {
    PENFIELD_TRY(kv_heads, config.size_or_null(keys.kv_heads, kMaxWidth, known(keys.default_kv_heads)));
  }
  if (!keys.d_head.empty()) {
    PENFIELD_TRY(d_head, config.size_or_null(keys.d_head, kMaxWidth, known(keys.default_d_head)));
  }
  out.n_kv_heads = kv_heads.value_or(out.n_heads);
  if (d_head) {
    out.d_head = *d_head;
  } else if (width % out.n_heads != 0) {
    return bad_input(R"({}: "{}" {} is not a multiple of "{}" {}; every head must be as wide as the others)",
                     config.name(), keys.width, width, keys.heads, out.n_heads);
  } else {
    out.d_head = width / out.n_heads;
  }
  if (out.n_heads % out.n_kv_heads != 0) {
    return bad_input(
        R"({}: "{}" {} is not a multiple of "{}" {}; every key must serve as many queries as the others)",
        config.name(), keys.heads, out.n_heads, keys.kv_heads, out.n_kv_heads);
  }
  if (std::uint64_t{out.n_heads} * out.d_head > kMaxInner) {
    return bad_input(R"({}: "{}" {} heads of {} are wider than {}; the file is not a usable configuration)",
                     config.name(), keys.heads, out.n_heads, out.d_head, kMaxInner);
  }
  return out;
}

float inverse_root(double n) {
  return static_cast<float>(1.0 / std::sqrt(n));
}

Result<void> read_windows(const ConfigReader& config, std::optional<std::uint32_t> window,
                          const std::function<bool(std::size_t layer)>& slides,
                          std::vector<LayerSpec>& layers) {
  if (!window) return {};
  std::vector<std::string> types;
  if (config.has("layer_types")) {
    PENFIELD_TRY(types, config.texts("layer_types"));
    if (types.size() != layers.size()) {
      return bad_input("{}: \"layer_types\" has {} entries for {} layers", config.name(), types.size(),
                       layers.size());
    }
  }
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const bool is_known =
        types.empty() || types[layer] == "sliding_attention" || types[layer] == "full_attention";
    if (!is_known) {
      return bad_input(
          "{}: \"layer_types\" holds '{}'; Penfield computes full_attention and sliding_attention",
          config.name(), formats::message_text(types[layer]));
    }
    if (types.empty() ? slides(layer) : types[layer] == "sliding_attention") layers[layer].window = window;
  }
  return {};
}

}  // namespace penfield::model
