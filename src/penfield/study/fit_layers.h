// The regressions of a study: the same rows of every captured block, those of discovery, then those held out.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/findings/judge.h"
#include "penfield/study/row_set.h"

namespace penfield::study {

// One block of a layer at a time, as the store hands them on.
class LayerFitter {
 public:
  // The fits of the block's units. Without held-out rows the held-out table stays empty. The rows that lie
  // apart are copied once a block.
  [[nodiscard]] findings::LayerFits fit(const activations::ActivationBlock& block, const SplitRows& rows);

 private:
  std::vector<float> scratch_;  // rows that do not follow each other, gathered
};

// Called by the calling thread, after each layer; true: go on.
using LayerProgress = std::function<bool(std::uint64_t n_layers_done, std::uint64_t n_layers)>;

// One LayerFits a layer (of one site), in the order of the store. Errors: the store's; kInterrupted:
// `progress` said so.
[[nodiscard]] Result<std::vector<findings::LayerFits>> fit_layers(const activations::ActivationStore& store,
                                                                  const SplitRows& rows,
                                                                  const LayerProgress& progress = {});

}  // namespace penfield::study
