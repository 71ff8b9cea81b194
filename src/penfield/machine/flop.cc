#include "penfield/machine/flop.h"

namespace penfield::machine {

double forward_flop(const model::Architecture& architecture, double n_tokens, double window,
                    double n_layers) {
  const double width = architecture.width;
  const double products = width * (4 * width + 2.0 * architecture.mlp.n_inner);
  const double attention = window * width;
  return 2 * n_tokens * n_layers * (products + attention);
}

}  // namespace penfield::machine
