// The parts of one block. A part that a model does not have is empty: the forward pass leaves it out.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "penfield/model/architecture.h"
#include "penfield/numeric/weight_view.h"

namespace penfield::model {

// x · matrix + bias
struct Linear {
  numeric::WeightView matrix;
  std::span<const float> bias;  // [n_out], or empty

  [[nodiscard]] bool is_present() const { return matrix.is_present(); }
};

struct Norm {
  std::span<const float> gain;
  std::span<const float> shift;  // as long as gain, or empty

  [[nodiscard]] bool is_present() const { return !gain.empty(); }
};

struct Block {
  Norm before_attention, after_attention, before_mlp,
      after_mlp;  // after_…: of what is added to the residual stream
  Linear query, key, value, attention_out;
  Norm query_norm, key_norm;
  Linear gate, up, down;  // a plain MLP has no gate
};

struct LinearShape {
  std::size_t n_in = 0, n_out = 0;
};

[[nodiscard]] LinearShape shape_of(const Architecture& architecture, Linear Block::*part);
// Length of a norm's gain.
[[nodiscard]] std::size_t size_of(const Architecture& architecture, Norm Block::*norm);
// Every product of a block that the architecture has.
void for_each_product(const Architecture& architecture, const std::function<void(LinearShape)>& visit);

}  // namespace penfield::model
