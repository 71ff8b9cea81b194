#include "penfield/activations/capture.h"

#include <algorithm>
#include <optional>

#include "penfield/activations/window_passes.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"

namespace penfield::activations {
namespace {

using model::Gpt2;
using model::Gpt2Config;
using model::Tap;
using model::TapRequest;

// Windows that must be run: with samples, or shown.
std::vector<std::uint32_t> windows_to_run(const sample::SamplePlan& plan, const CaptureRequest& request) {
  std::vector<std::uint32_t> windows = request.heatmap_windows;
  for (const sample::Sample& sample : plan.samples) {
    if (windows.empty() || windows.back() != sample.window) windows.push_back(sample.window);
  }
  std::sort(windows.begin(), windows.end());
  windows.erase(std::unique(windows.begin(), windows.end()), windows.end());
  return windows;
}

std::vector<Product> products_of(std::span<const Site> sites) {
  std::vector<Product> products;
  for (const Site site : sites) products.push_back(product_of(site));
  std::sort(products.begin(), products.end());
  products.erase(std::unique(products.begin(), products.end()), products.end());
  return products;
}

std::size_t heatmap_tokens(const sample::SamplePlan& plan, const CaptureRequest& request) {
  std::size_t n_tokens = 0;
  for (const std::uint32_t window : request.heatmap_windows) n_tokens += plan.windows[window].n_tokens;
  return n_tokens;
}

// A row of the pass and the row of a result that it goes to.
struct RowCopy {
  std::size_t from = 0;
  std::size_t to = 0;
};

void copy_rows(std::span<const RowCopy> copies, const MatrixView<const float>& from, std::vector<float>& to) {
  parallel_for(copies.size(), [&](std::size_t i, int) {
    const auto row = from.row(copies[i].from);
    std::copy(row.begin(), row.end(), to.begin() + static_cast<std::ptrdiff_t>(copies[i].to * from.cols));
  });
}

class Collector {
 public:
  Collector(const Gpt2Config& config, const sample::SamplePlan& plan, const CaptureRequest& request,
            const TapRequest& taps)
      : plan_(plan), request_(request), n_layers_(taps.layers.size()), taps_(taps) {
    for (const Site site : taps.sites) {
      for (const std::uint32_t layer : taps.layers) {
        const std::size_t n_units = config.n_units(site);
        capture_.blocks.push_back(
            {site, layer, plan.samples.size(), n_units, std::vector<float>(plan.samples.size() * n_units)});
      }
    }
    ProductInputs& inputs = capture_.heatmap_inputs;
    inputs.n_tokens = heatmap_tokens(plan, request);
    inputs.n_embd = config.n_embd;
    if (inputs.n_tokens == 0) return;
    for (const Product product : products_of(taps.sites)) {
      for (const std::uint32_t layer : taps.layers) {
        inputs.parts.push_back({product, layer, std::vector<float>(inputs.n_tokens * inputs.n_embd)});
      }
    }
  }

  void begin(const WindowPass& pass) {
    sample_rows_.clear();
    heatmap_rows_.clear();
    for (std::size_t i = 0; i < pass.windows.size(); ++i) {
      add_samples(pass.windows[i], pass.first_row[i]);
      add_heatmap(pass.windows[i], pass.first_row[i]);
    }
  }

  void take(const Tap& tap) {
    const auto index_in = [](const auto& values, const auto& value) {
      return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) - values.begin());
    };
    const std::size_t layer = index_in(taps_.layers, tap.layer);
    copy_rows(sample_rows_, tap.values,
              capture_.blocks[index_in(taps_.sites, tap.site) * n_layers_ + layer].values);
    if (heatmap_rows_.empty()) return;
    const Product product = product_of(tap.site);
    for (ProductInputs::Part& part : capture_.heatmap_inputs.parts) {
      if (part.product == product && part.layer == tap.layer)
        copy_rows(heatmap_rows_, tap.input, part.values);
    }
  }

  [[nodiscard]] Capture finish() && { return std::move(capture_); }

 private:
  void add_samples(std::uint32_t window, std::size_t first_row) {
    const auto [first, last] = std::equal_range(
        plan_.samples.begin(), plan_.samples.end(), sample::Sample{window, 0, false},
        [](const sample::Sample& a, const sample::Sample& b) { return a.window < b.window; });
    for (auto sample = first; sample != last; ++sample) {
      PENFIELD_CHECK(sample->position < plan_.windows[window].n_tokens);
      sample_rows_.push_back(
          {first_row + sample->position, static_cast<std::size_t>(sample - plan_.samples.begin())});
    }
  }

  void add_heatmap(std::uint32_t window, std::size_t first_row) {
    std::size_t to = 0;
    for (const std::uint32_t shown : request_.heatmap_windows) {
      const std::size_t n_tokens = plan_.windows[shown].n_tokens;
      for (std::size_t t = 0; shown == window && t < n_tokens; ++t)
        heatmap_rows_.push_back({first_row + t, to + t});
      to += n_tokens;
    }
  }

  const sample::SamplePlan& plan_;
  const CaptureRequest& request_;
  std::size_t n_layers_;
  const TapRequest& taps_;
  Capture capture_;
  std::vector<RowCopy> sample_rows_, heatmap_rows_;  // of the pass that runs
};

}  // namespace

Result<Capture> capture(const Gpt2& gpt2, std::span<const TokenId> stream_ids, const sample::SamplePlan& plan,
                        const CaptureRequest& request, const Progress& progress,
                        const std::stop_token& stop) {
  const TapRequest taps = in_order(request.sites, request.layers);
  PENFIELD_TRY_VOID(gpt2.check_request(taps));
  const std::vector<std::uint32_t> chosen = windows_to_run(plan, request);
  const std::vector<WindowPass> passes = group_windows(plan.windows, chosen);
  model::ForwardBuffers buffers = gpt2.make_buffers(max_rows(passes));
  Collector collector(gpt2.config(), plan, request, taps);
  std::uint64_t n_done = 0;
  for (const WindowPass& pass : passes) {
    collector.begin(pass);
    PENFIELD_TRY_VOID(gpt2.forward(
        pass_sequences(pass, plan.windows, stream_ids), taps, buffers,
        [&](const Tap& tap) { collector.take(tap); }, stop));
    n_done += pass.windows.size();
    if (progress) progress(n_done, chosen.size());
  }
  return std::move(collector).finish();
}

std::uint64_t capture_bytes(const Gpt2Config& config, const sample::SamplePlan& plan,
                            const CaptureRequest& request, int n_threads) {
  const TapRequest taps = in_order(request.sites, request.layers);
  std::uint64_t n_units = 0;
  for (const Site site : taps.sites) n_units += config.n_units(site);
  const std::uint64_t sampled = plan.samples.size() * n_units;
  const std::uint64_t shown = heatmap_tokens(plan, request) * products_of(taps.sites).size() * config.n_embd;
  const std::size_t rows = max_rows(group_windows(plan.windows, windows_to_run(plan, request)));
  return (sampled + shown) * taps.layers.size() * sizeof(float) +
         model::ForwardBuffers::bytes(config, rows, n_threads);
}

}  // namespace penfield::activations
