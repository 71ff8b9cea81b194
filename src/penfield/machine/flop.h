// Arithmetic of a forward pass, for estimates.
#pragma once

#include "penfield/model/architecture.h"

namespace penfield::machine {

// Multiplications and additions of n_tokens in windows of `window` tokens through the first n_layers blocks;
// attention counts the causal half of its scores. Source: the products of one block, E(4E + 2F) a token, and
// 2 · T/2 · E for attention.
[[nodiscard]] double forward_flop(const model::Architecture& architecture, double n_tokens, double window,
                                  double n_layers);

}  // namespace penfield::machine
