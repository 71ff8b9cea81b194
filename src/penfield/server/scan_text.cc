#include "penfield/server/scan_text.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "penfield/activations/capture.h"
#include "penfield/activations/unit_activations.h"
#include "penfield/activations/window_passes.h"
#include "penfield/machine/flop.h"
#include "penfield/server/result_model.h"
#include "penfield/server/threads_for.h"

namespace penfield::server {
namespace {

// The windows as they follow each other in windows.tsv.
Result<std::vector<sample::Window>> windows_of(std::span<const store::WindowToken> tokens) {
  std::vector<sample::Window> windows;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const bool begins =
        t == 0 || tokens[t].window != tokens[t - 1].window || tokens[t].split != tokens[t - 1].split;
    if (begins) windows.push_back({tokens[t].split, tokens[t].document, t, 0});
    if (tokens[t].position != windows.back().n_tokens) {
      return bad_input("windows.tsv: token {} stands at position {} of window {}, where {} is expected", t,
                       tokens[t].position, tokens[t].window, windows.back().n_tokens);
    }
    ++windows.back().n_tokens;
  }
  return windows;
}

std::size_t n_inputs(std::span<const Site> sites) {
  std::set<Site> inputs;
  for (const Site site : sites) inputs.insert(model::input_of(site));
  return inputs.size();
}

}  // namespace

Result<ScanText> ScanText::make(const model::Model& model, const store::RunRecord& run,
                                std::span<const store::WindowToken> tokens, std::uint64_t budget_bytes) {
  ScanText out(model);
  out.bos_ = bos_of(run);
  out.sites_ = run.sites;
  out.layers_ = run.layers;
  std::ranges::sort(out.layers_);
  PENFIELD_TRY_VOID(model.check_request({out.sites_, out.layers_}));
  for (const store::WindowToken& token : tokens) out.ids_.push_back(TokenId{token.token_id});
  PENFIELD_TRY(const std::vector<sample::Window> windows, windows_of(tokens));
  for (const sample::Window& window : windows) {
    const model::Sequence sequence = std::span(out.ids_).subspan(window.first_token, window.n_tokens);
    PENFIELD_TRY_VOID(model.check_sequences({&sequence, 1}));
  }
  if (out.bos_) {
    const model::Sequence alone(&*out.bos_, 1);
    PENFIELD_TRY_VOID(model.check_sequences({&alone, 1}));
  }
  std::vector<std::uint32_t> all(windows.size());
  std::iota(all.begin(), all.end(), 0u);
  for (const activations::WindowPass& pass : activations::group_windows(windows, all, out.bos_)) {
    sample::SamplePlan& plan = out.passes_.emplace_back();
    for (const std::uint32_t window : pass.windows) plan.windows.push_back(windows[window]);
  }
  const std::uint64_t layer_bytes =
      std::uint64_t{tokens.size()} * n_inputs(out.sites_) * model.architecture().width * sizeof(float);
  const std::uint64_t affordable = budget_bytes / std::max<std::uint64_t>(layer_bytes, 1);
  out.layers_kept_ = std::clamp<std::uint64_t>(affordable, 1, out.layers_.size());
  return out;
}

Result<void> ScanText::run_pass(const std::stop_token& stop) {
  const sample::SamplePlan& plan = passes_[inputs_.size()];
  activations::CaptureRequest request{.sites = sites_, .layers = {}, .heatmap_windows = {}, .bos = bos_};
  const std::size_t end = std::min(first_layer_ + layers_kept_, layers_.size());
  for (std::size_t layer = first_layer_; layer < end; ++layer) request.layers.push_back(layers_[layer]);
  request.heatmap_windows.resize(plan.windows.size());
  std::iota(request.heatmap_windows.begin(), request.heatmap_windows.end(), 0u);
  double flop = 0;
  for (const sample::Window& window : plan.windows)
    flop += machine::forward_flop(model_->architecture(), window.n_tokens, window.n_tokens,
                                  request.layers.back() + 1);
  const ThreadsFor threads(flop);
  auto inputs =
      std::make_unique<PassInputs>(activations::plan_capture(model_->architecture(), plan, request));
  PENFIELD_TRY_VOID(activations::capture(*model_, ids_, plan.windows, inputs->store, Watch({}, stop)));
  inputs_.push_back(std::move(inputs));
  return {};
}

Result<std::vector<float>> ScanText::values(const UnitId& unit, const std::stop_token& stop) {
  const auto layer = std::ranges::find(layers_, unit.layer);
  if (layer == layers_.end() || std::ranges::find(sites_, unit.site) == sites_.end())
    return usage_error("unit {}: its site and layer were not part of this run", to_string(unit));
  const auto place = static_cast<std::size_t>(layer - layers_.begin());
  if (place / layers_kept_ * layers_kept_ != first_layer_) {
    first_layer_ = place / layers_kept_ * layers_kept_;
    inputs_.clear();
  }
  while (inputs_.size() < passes_.size()) PENFIELD_TRY_VOID(run_pass(stop));
  std::vector<float> out;
  out.reserve(ids_.size());
  for (const auto& inputs : inputs_) {
    PENFIELD_TRY(const std::vector<float> part,
                 activations::unit_activations(*model_, inputs->store, {&unit, 1}));
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

Result<bool> ScanText::work_ahead(const std::stop_token& stop) {
  if (inputs_.size() == passes_.size()) return false;
  PENFIELD_TRY_VOID(run_pass(stop));
  return inputs_.size() < passes_.size();
}

}  // namespace penfield::server
