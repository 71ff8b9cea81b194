#include "penfield/activations/window_passes.h"

#include <algorithm>

#include "penfield/base/check.h"

namespace penfield::activations {

std::vector<WindowPass> group_windows(std::span<const sample::Window> windows,
                                      std::span<const std::uint32_t> chosen, std::optional<TokenId> bos) {
  const std::size_t n_before = bos ? 1 : 0;
  std::vector<WindowPass> passes;
  for (const std::uint32_t index : chosen) {
    PENFIELD_CHECK(index < windows.size());
    const std::size_t n_rows = n_before + windows[index].n_tokens;
    if (passes.empty() || passes.back().n_rows + n_rows > kPassTokens) passes.emplace_back().bos = bos;
    WindowPass& pass = passes.back();
    pass.windows.push_back(index);
    pass.first_row.push_back(pass.n_rows + n_before);
    pass.n_rows += n_rows;
  }
  return passes;
}

std::size_t max_rows(std::span<const WindowPass> passes) {
  std::size_t rows = 0;
  for (const WindowPass& pass : passes) rows = std::max(rows, pass.n_rows);
  return rows;
}

PassTokens pass_tokens(const WindowPass& pass, std::span<const sample::Window> windows,
                       std::span<const TokenId> stream_ids) {
  PassTokens out;
  if (pass.bos) out.ids.reserve(pass.n_rows);
  for (const std::uint32_t index : pass.windows) {
    const sample::Window& window = windows[index];
    PENFIELD_CHECK(window.first_token <= stream_ids.size() &&
                   window.n_tokens <= stream_ids.size() - window.first_token);
    const auto text = stream_ids.subspan(window.first_token, window.n_tokens);
    if (!pass.bos) {
      out.sequences.emplace_back(text);
      continue;
    }
    const std::size_t first = out.ids.size();
    out.ids.push_back(*pass.bos);
    out.ids.insert(out.ids.end(), text.begin(), text.end());
    out.sequences.emplace_back(std::span(out.ids).subspan(first, 1 + text.size()));
  }
  return out;
}

model::TapRequest in_order(std::span<const Site> sites, std::span<const std::uint32_t> layers) {
  model::TapRequest request{{sites.begin(), sites.end()}, {layers.begin(), layers.end()}};
  const auto once = [](auto& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  };
  once(request.sites);
  once(request.layers);
  return request;
}

}  // namespace penfield::activations
