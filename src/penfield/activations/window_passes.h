// Windows grouped into passes: short windows share one, so that the products are as large as those of a long
// window. Where the model is given a BOS token, it is the first row of every window in the pass, and no
// window counts it: sample::Window holds text alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "penfield/model/model.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::activations {

// Tokens that a pass is filled up to. GPT-2's context; larger products are no faster.
inline constexpr std::size_t kPassTokens = 1024;

struct WindowPass {
  std::vector<std::uint32_t> windows;  // indices in the list of windows
  std::vector<std::size_t> first_row;  // [windows] row of the pass that the first token of each has
  std::size_t n_rows = 0;
  std::optional<TokenId> bos;  // before every window
};

// chosen: indices in `windows`, ascending. Every pass holds at least one window and, beyond that, at most
// kPassTokens rows.
[[nodiscard]] std::vector<WindowPass> group_windows(std::span<const sample::Window> windows,
                                                    std::span<const std::uint32_t> chosen,
                                                    std::optional<TokenId> bos = {});

// The most rows of any pass.
[[nodiscard]] std::size_t max_rows(std::span<const WindowPass> passes);

// What the model is given in a pass.
struct PassTokens {
  std::vector<model::Sequence> sequences;  // [windows] of the stream, or of ids
  std::vector<TokenId> ids;                // with BOS tokens; empty where there are none

  PassTokens() = default;
  PassTokens(const PassTokens&) = delete;  // sequences point to ids
  PassTokens& operator=(const PassTokens&) = delete;
  PassTokens(PassTokens&&) = default;
  PassTokens& operator=(PassTokens&&) = default;
  ~PassTokens() = default;
};

// The tokens of a pass's windows. A window outside the stream is a bug.
[[nodiscard]] PassTokens pass_tokens(const WindowPass& pass, std::span<const sample::Window> windows,
                                     std::span<const TokenId> stream_ids);

// Sorted, each once: the order of blocks and columns.
[[nodiscard]] model::TapRequest in_order(std::span<const Site> sites, std::span<const std::uint32_t> layers);

}  // namespace penfield::activations
