// The regressions of a study: every captured block's discovery rows, then its held-out rows.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "penfield/activations/activation_block.h"
#include "penfield/findings/finding.h"
#include "penfield/findings/judge.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::study {

// Called by the calling thread, after each layer.
using LayerProgress = std::function<void(std::uint64_t n_layers_done, std::uint64_t n_layers)>;

// One LayerFits a block, in their order. A block's rows are the plan's samples; without held-out samples the
// held-out table stays empty.
[[nodiscard]] std::vector<findings::LayerFits> fit_layers(
    std::span<const activations::ActivationBlock> blocks, const sample::SamplePlan& samples,
    const LayerProgress& progress = {});

}  // namespace penfield::study
