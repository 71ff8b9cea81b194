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
#include <vector>

#include "penfield/activations/activation_block.h"
#include "penfield/activations/product_inputs.h"
#include "penfield/base/result.h"
#include "penfield/model/gpt2.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::activations {

struct CaptureRequest {
  std::vector<Site> sites;            // order and repetition mean nothing
  std::vector<std::uint32_t> layers;  // the same
  std::vector<std::uint32_t>
      heatmap_windows;  // indices in SamplePlan::windows, in the order in which they are shown
};

struct Capture {
  std::vector<ActivationBlock>
      blocks;  // by site, then layer, as the rows of units.tsv; rows in the order of the plan
  ProductInputs heatmap_inputs;  // for unit_activations; empty where no heatmap window was asked for
};

// Called by the thread that called capture, after each pass.
using Progress = std::function<void(std::uint64_t n_windows_done, std::uint64_t n_windows)>;

// Runs the windows of the plan that hold samples or are heatmap windows, several short ones in a pass.
// stream_ids: all tokens of the stream that the plan was drawn from.
// Errors: those of Gpt2::forward (kInterrupted when `stop` is requested: nothing is returned).
[[nodiscard]] Result<Capture> capture(const model::Gpt2& gpt2, std::span<const TokenId> stream_ids,
                                      const sample::SamplePlan& plan, const CaptureRequest& request,
                                      const Progress& progress = {}, const std::stop_token& stop = {});

// Memory that capture takes at its peak, besides the weights, on so many threads.
[[nodiscard]] std::uint64_t capture_bytes(const model::Gpt2Config& config, const sample::SamplePlan& plan,
                                          const CaptureRequest& request, int n_threads);

}  // namespace penfield::activations
