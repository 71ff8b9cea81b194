// What several families' configurations have in common about attention.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/model/architecture.h"
#include "penfield/model/families/config_reader.h"

namespace penfield::model {

struct AttentionKeys {
  std::string_view width = "hidden_size";
  std::string_view heads = "num_attention_heads";
  std::string_view kv_heads = "num_key_value_heads";  // as many as heads where it is null
  std::string_view d_head = "head_dim";               // width / heads where it is null
  // What the family takes where a field is absent; 0: it must be there (heads), or is taken as null.
  std::uint32_t default_heads = 0, default_kv_heads = 0, default_d_head = 0;
};

// kBadInput: heads that do not divide the width where it alone says how wide they are, or key heads that do
// not divide the heads. A family that has no kv_heads or head_dim gives "" for it.
[[nodiscard]] Result<AttentionSpec> read_attention(const ConfigReader& config, const AttentionKeys& keys,
                                                   std::uint32_t width);

// 1/√n, as float32: what scores of heads of n dimensions are scaled with.
[[nodiscard]] float inverse_root(double n);

// Sets the windows of layers from "layer_types" (full_attention, sliding_attention), or, where that is
// missing, of those of which slides(layer) is true. kBadInput: another type, or not one a layer.
[[nodiscard]] Result<void> read_windows(const ConfigReader& config, std::optional<std::uint32_t> window,
                                        const std::function<bool(std::size_t layer)>& slides,
                                        std::vector<LayerSpec>& layers);

}  // namespace penfield::model
