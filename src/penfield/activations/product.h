// The products of a block that give the activations of its sites.
#pragma once

#include <cstdint>

#include "penfield/base/unit.h"

namespace penfield::activations {

// The products of a block that have sites: c_attn (attn.q, attn.k, attn.v) and c_fc (mlp.pre, mlp.post).
enum class Product : std::uint8_t { kAttnIn, kMlpIn };

[[nodiscard]] constexpr Product product_of(Site site) {
  return site == Site::kMlpPre || site == Site::kMlpPost ? Product::kMlpIn : Product::kAttnIn;
}

}  // namespace penfield::activations
