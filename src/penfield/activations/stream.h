// The activations of every token of some windows, handed on window by window (`penfield activations`).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/model/model.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::activations {

// values [n_tokens of the window, layers × n_units]: layer by layer, ascending. Good while the sink runs. An
// error ends the stream and is returned.
using WindowSink = std::function<Result<void>(const sample::Window& window, MatrixView<const float> values)>;

// Runs the windows in their order, with `bos` before each of them; the sink is called by the calling thread.
// Reports the stage "forward" in windows. Errors: those of Model::forward, of the sink and of `watch`.
[[nodiscard]] Result<void> stream_activations(const model::Model& model, std::span<const TokenId> stream_ids,
                                              std::span<const sample::Window> windows, Site site,
                                              std::span<const std::uint32_t> layers, const WindowSink& sink,
                                              const Watch& watch = {}, std::optional<TokenId> bos = {});

// Memory that stream_activations takes, besides the weights.
[[nodiscard]] std::uint64_t stream_bytes(const model::Architecture& architecture,
                                         std::span<const sample::Window> windows, Site site,
                                         std::size_t n_layers, int n_threads,
                                         numeric::Precision precision = numeric::Precision::kFloat32,
                                         std::optional<TokenId> bos = {});

}  // namespace penfield::activations
