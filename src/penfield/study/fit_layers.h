// The regressions of a study: the same rows of every captured block, those of discovery, then those held out.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "penfield/activations/activation_block.h"
#include "penfield/findings/judge.h"
#include "penfield/study/row_set.h"

namespace penfield::study {

// One layer at a time, so that a caller who has one block in memory at a time can fit it too.
class LayerFitter {
 public:
  // Without held-out rows the held-out table stays empty. The rows that lie apart are copied once a layer.
  [[nodiscard]] findings::LayerFits fit(const activations::ActivationBlock& block, const SplitRows& rows);

 private:
  std::vector<float> scratch_;  // rows that do not follow each other, gathered
};

// Called by the calling thread, after each layer.
using LayerProgress = std::function<void(std::uint64_t n_layers_done, std::uint64_t n_layers)>;

// One LayerFits a block, in their order.
[[nodiscard]] std::vector<findings::LayerFits> fit_layers(
    std::span<const activations::ActivationBlock> blocks, const SplitRows& rows,
    const LayerProgress& progress = {});

}  // namespace penfield::study
