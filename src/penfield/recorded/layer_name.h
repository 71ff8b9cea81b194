// What the name of a file, or of a tensor in one, says of its values: the site and the layers.
//
//   blocks.5.mlp.hook_post   layer 5 of mlp.post, as TransformerLens names it
//   mlp.pre.L0-5             layers 0 to 5 of mlp.pre, side by side
//   layer_12, h.12, L12      layer 12 of the site "recorded"
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "penfield/base/unit.h"

namespace penfield::recorded {

struct LayerName {
  Site site = Site::kRecorded;
  std::optional<std::uint32_t> first_layer;  // none: the name has no number that can be a layer
  std::uint32_t n_layers = 1;
};

// name: without folder and extension. The layer is the number behind "L", "layer", "layers", "block",
// "blocks" or "h", or else the first part of the name that is a number; parts stand between dots, lines and
// hyphens. A site is a name of base/unit.h, or the hook of TransformerLens that reads the same.
[[nodiscard]] LayerName parse_layer_name(std::string_view name);

}  // namespace penfield::recorded
