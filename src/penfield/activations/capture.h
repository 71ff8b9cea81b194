// From windows of text to the activations that enter the regressions.
//
// A window's activations at every site and layer are 400 MB for GPT-2 Medium; the regressions need a few
// hundred of its rows. So each tap is read while its layer runs, and only the sampled positions are kept. For
// the few windows that are shown as heatmaps the inputs of the sites' products are kept instead of the
// products: any unit is then one dot product a token away, without another forward pass.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/model/model.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::activations {

// Called by the thread that called capture, after each pass.
using Progress = std::function<void(std::uint64_t n_windows_done, std::uint64_t n_windows)>;

// Runs the passes of the store's plan that the store does not have, and fills it.
// stream_ids: all tokens of the stream that `windows`, those of the plan, were drawn from.
// Errors: those of Model::forward (kInterrupted when `stop` is requested) and of the store.
[[nodiscard]] Result<void> capture(const model::Model& model, std::span<const TokenId> stream_ids,
                                   std::span<const sample::Window> windows, ActivationStore& store,
                                   const Progress& progress = {}, const std::stop_token& stop = {});

}  // namespace penfield::activations
