#include "penfield/activations/capture_plan.h"

#include <algorithm>

#include "penfield/base/check.h"

namespace penfield::activations {
namespace {

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

std::vector<Site> inputs_of(std::span<const Site> sites) {
  std::vector<Site> inputs;
  for (const Site site : sites) inputs.push_back(model::input_of(site));
  std::sort(inputs.begin(), inputs.end());
  inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
  return inputs;
}

std::vector<CapturedMatrix> matrices_of(const CaptureWidths& widths, const model::TapRequest& taps,
                                        std::size_t n_samples, std::size_t n_heatmap_tokens) {
  std::vector<CapturedMatrix> matrices;
  for (const Site site : taps.sites) {
    for (const std::uint32_t layer : taps.layers) {
      matrices.push_back({.kind = CapturedMatrix::Kind::kSamples,
                          .site = site,
                          .layer = layer,
                          .n_rows = n_samples,
                          .n_cols = widths.units(site, layer)});
    }
  }
  if (n_heatmap_tokens == 0) return matrices;
  for (const Site input : inputs_of(taps.sites)) {
    for (const std::uint32_t layer : taps.layers) {
      matrices.push_back({.kind = CapturedMatrix::Kind::kInputs,
                          .input = input,
                          .layer = layer,
                          .n_rows = n_heatmap_tokens,
                          .n_cols = widths.inputs});
    }
  }
  return matrices;
}

// Gives every pass its rows, in the order of the passes, which is that of the windows and so of the samples.
class RowDealer {
 public:
  RowDealer(const sample::SamplePlan& plan, const CaptureRequest& request)
      : plan_(plan), shown_(request.heatmap_windows) {}

  CapturePass deal(WindowPass windows) {
    CapturePass pass;
    pass.samples.first = n_samples_;
    pass.inputs.first = n_heatmap_tokens_;
    for (std::size_t i = 0; i < windows.windows.size(); ++i) {
      const auto first_row = static_cast<std::uint32_t>(windows.first_row[i]);
      add_samples(windows.windows[i], first_row, pass.samples.from);
      add_heatmap(windows.windows[i], first_row, pass.inputs.from);
    }
    pass.windows = std::move(windows);
    return pass;
  }
  [[nodiscard]] std::size_t n_samples() const { return n_samples_; }
  [[nodiscard]] std::size_t n_heatmap_tokens() const { return n_heatmap_tokens_; }

 private:
  void add_samples(std::uint32_t window, std::uint32_t first_row, std::vector<std::uint32_t>& from) {
    for (; n_samples_ < plan_.samples.size() && plan_.samples[n_samples_].window == window; ++n_samples_) {
      PENFIELD_CHECK(plan_.samples[n_samples_].position < plan_.windows[window].n_tokens);
      from.push_back(first_row + plan_.samples[n_samples_].position);
    }
  }

  void add_heatmap(std::uint32_t window, std::uint32_t first_row, std::vector<std::uint32_t>& from) {
    if (n_shown_ == shown_.size() || shown_[n_shown_] != window) return;
    ++n_shown_;
    const std::uint32_t n_tokens = plan_.windows[window].n_tokens;
    for (std::uint32_t t = 0; t < n_tokens; ++t) from.push_back(first_row + t);
    n_heatmap_tokens_ += n_tokens;
  }

  const sample::SamplePlan& plan_;
  const std::vector<std::uint32_t>& shown_;
  std::size_t n_samples_ = 0, n_shown_ = 0, n_heatmap_tokens_ = 0;  // dealt so far
};

}  // namespace

std::size_t CapturePlan::max_pass_rows() const {
  std::size_t rows = 0;
  for (const CapturePass& pass : passes) rows = std::max(rows, pass.windows.n_rows);
  return rows;
}

std::uint64_t CapturePlan::n_values() const {
  std::uint64_t n = 0;
  for (const CapturedMatrix& matrix : matrices) n += matrix.n_values();
  return n;
}

CapturePlan plan_capture(const model::Architecture& architecture, const sample::SamplePlan& plan,
                         const CaptureRequest& request) {
  const auto units = [&](Site site, std::uint32_t) { return architecture.n_units(site); };
  return plan_capture(CaptureWidths{.units = units, .inputs = architecture.width}, plan, request);
}

CapturePlan plan_capture(const CaptureWidths& widths, const sample::SamplePlan& plan,
                         const CaptureRequest& request) {
  const std::vector<std::uint32_t>& shown = request.heatmap_windows;
  PENFIELD_CHECK(std::is_sorted(shown.begin(), shown.end()));
  PENFIELD_CHECK(shown.empty() || shown.back() < plan.windows.size());
  CapturePlan out;
  out.taps = in_order(request.sites, request.layers);
  const std::vector<std::uint32_t> windows = windows_to_run(plan, request);
  RowDealer dealer(plan, request);
  for (WindowPass& pass : group_windows(plan.windows, windows, request.bos)) {
    out.passes.push_back(dealer.deal(std::move(pass)));
  }
  PENFIELD_CHECK(dealer.n_samples() == plan.samples.size());
  out.matrices = matrices_of(widths, out.taps, dealer.n_samples(), dealer.n_heatmap_tokens());
  return out;
}

}  // namespace penfield::activations
