#include "penfield/activations/stream.h"

#include <algorithm>
#include <numeric>

#include "penfield/activations/window_passes.h"
#include "penfield/base/parallel.h"

namespace penfield::activations {
namespace {

std::vector<WindowPass> all_passes(std::span<const sample::Window> windows, std::optional<TokenId> bos) {
  std::vector<std::uint32_t> chosen(windows.size());
  std::iota(chosen.begin(), chosen.end(), 0u);
  return group_windows(windows, chosen, bos);
}

}  // namespace

Result<void> stream_activations(const model::Model& model, std::span<const TokenId> stream_ids,
                                std::span<const sample::Window> windows, Site site,
                                std::span<const std::uint32_t> layers, const WindowSink& sink,
                                const Watch& watch, std::optional<TokenId> bos) {
  const model::TapRequest taps = in_order({&site, 1}, layers);
  PENFIELD_TRY_VOID(model.check_request(taps));
  const std::vector<WindowPass> passes = all_passes(windows, bos);
  model::ForwardBuffers buffers = model.make_buffers(max_rows(passes));
  const std::size_t n_units = model.architecture().n_units(site);
  const std::size_t n_cols = taps.layers.size() * n_units;
  std::vector<float> memory(max_rows(passes) * n_cols);
  std::uint64_t n_done = 0;
  for (const WindowPass& pass : passes) {
    const MatrixView<float> values(memory.data(), pass.n_rows, n_cols);
    std::size_t col = 0;
    const auto take = [&](const model::Tap& tap) {
      parallel_for(tap.values.rows, [&](std::size_t row, int) {
        const auto from = tap.values.row(row);
        std::copy(from.begin(), from.end(), values.row(row).subspan(col, n_units).begin());
      });
      col += n_units;
    };
    PENFIELD_TRY_VOID(
        model.forward(pass_tokens(pass, windows, stream_ids).sequences, taps, buffers, take, watch.stop()));
    for (std::size_t i = 0; i < pass.windows.size(); ++i) {
      const sample::Window& window = windows[pass.windows[i]];
      PENFIELD_TRY_VOID(sink(window, values.block(pass.first_row[i], window.n_tokens, 0, n_cols)));
      PENFIELD_TRY_VOID(watch.step("forward", ++n_done, windows.size(), "windows"));
    }
  }
  return {};
}

std::uint64_t stream_bytes(const model::Architecture& architecture, std::span<const sample::Window> windows,
                           Site site, std::size_t n_layers, int n_threads, numeric::Precision precision,
                           std::optional<TokenId> bos) {
  const std::size_t rows = max_rows(all_passes(windows, bos));
  return std::uint64_t{rows} * n_layers * architecture.n_units(site) * sizeof(float) +
         model::ForwardBuffers::bytes(architecture, rows, n_threads, precision);
}

}  // namespace penfield::activations
