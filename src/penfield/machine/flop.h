// Arithmetic of a forward pass, for estimates.
#pragma once

#include "penfield/model/architecture.h"

namespace penfield::machine {

// Multiplications and additions of n_tokens in windows of `window` tokens through the first n_layers blocks;
// attention counts the causal half of its scores, as if no layer had a window. Source: the products of one
// block, and 2 · T/2 · Q for attention, Q the width of all heads.
[[nodiscard]] double forward_flop(const model::Architecture& architecture, double n_tokens, double window,
                                  double n_layers);

}  // namespace penfield::machine
