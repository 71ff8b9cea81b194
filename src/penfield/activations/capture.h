// From windows of text to the activations that enter the regressions.
//
// A window's activations at every site and layer are 400 MB for GPT-2 Medium; the regressions need a few
// hundred of its rows. So each tap is read while its layer runs, and only the sampled positions are kept. For
// the few windows that are shown as heatmaps the inputs of the sites' products are kept instead of the
// products: any unit is then one dot product a token away, without another forward pass.
#pragma once

#include <span>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/model/model.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::activations {

// Runs the passes of the store's plan that the store does not have, and fills it.
// stream_ids: all tokens of the stream that `windows`, those of the plan, were drawn from.
// Reports the stage "forward" in windows after each pass. Errors: those of Model::forward, of the store and
// of `watch`.
[[nodiscard]] Result<void> capture(const model::Model& model, std::span<const TokenId> stream_ids,
                                   std::span<const sample::Window> windows, ActivationStore& store,
                                   const Watch& watch = {});

}  // namespace penfield::activations
