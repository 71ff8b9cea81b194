#include "penfield/machine/flop.h"

#include "penfield/model/block.h"

namespace penfield::machine {

double forward_flop(const model::Architecture& architecture, double n_tokens, double window,
                    double n_layers) {
  double products = 0;
  model::for_each_product(architecture, [&](model::LinearShape shape) {
    products += static_cast<double>(shape.n_in) * static_cast<double>(shape.n_out);
  });
  const double attention = window * architecture.attention.n_heads * architecture.attention.d_head;
  return 2 * n_tokens * n_layers * (products + attention);
}

}  // namespace penfield::machine
