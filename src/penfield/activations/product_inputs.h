// What a site's products are made of at every token of some windows, and any unit's activations from that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/model/gpt2.h"

namespace penfield::activations {

// The products of a block that have sites: c_attn (attn.q, attn.k, attn.v) and c_fc (mlp.pre, mlp.post).
enum class Product : std::uint8_t { kAttnIn, kMlpIn };

[[nodiscard]] constexpr Product product_of(Site site) {
  return site == Site::kMlpPre || site == Site::kMlpPost ? Product::kMlpIn : Product::kAttnIn;
}

struct ProductInputs {
  std::size_t n_tokens = 0;  // of all windows, one after the other
  std::size_t n_embd = 0;
  struct Part {
    Product product = Product::kMlpIn;
    std::uint32_t layer = 0;
    std::vector<float> values;  // [n_tokens, n_embd] LN1 x or LN2 x
  };
  std::vector<Part> parts;
};

// The units' activations at every token: [n_units, n_tokens], row-major. Sums are in float64; the values
// agree with the tap to 1e-5 of the largest (capture_test.cc holds it). kUsage: a unit that the model does
// not have, or whose layer and product are not in `inputs`.
[[nodiscard]] Result<std::vector<float>> unit_activations(const model::Gpt2& gpt2,
                                                          const ProductInputs& inputs,
                                                          std::span<const UnitId> units);

}  // namespace penfield::activations
