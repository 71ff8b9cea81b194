// Windows grouped into passes: short windows share one, so that the products are as large as those of a long
// window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/model/model.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::activations {

// Tokens that a pass is filled up to. GPT-2's context; larger products are no faster.
inline constexpr std::size_t kPassTokens = 1024;

struct WindowPass {
  std::vector<std::uint32_t> windows;  // indices in the list of windows
  std::vector<std::size_t> first_row;  // [windows] where each begins among the pass's rows
  std::size_t n_rows = 0;
};

// chosen: indices in `windows`, ascending. Every pass holds at least one window and, beyond that, at most
// kPassTokens tokens.
[[nodiscard]] std::vector<WindowPass> group_windows(std::span<const sample::Window> windows,
                                                    std::span<const std::uint32_t> chosen);

// The most rows of any pass.
[[nodiscard]] std::size_t max_rows(std::span<const WindowPass> passes);

// The tokens of a pass's windows. A window outside the stream is a bug.
[[nodiscard]] std::vector<model::Sequence> pass_sequences(const WindowPass& pass,
                                                          std::span<const sample::Window> windows,
                                                          std::span<const TokenId> stream_ids);

// Sorted, each once: the order of blocks and columns.
[[nodiscard]] model::TapRequest in_order(std::span<const Site> sites, std::span<const std::uint32_t> layers);

}  // namespace penfield::activations
