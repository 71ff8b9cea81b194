#include "penfield/activations/capture.h"

#include <algorithm>

#include "penfield/activations/pass_progress.h"
#include "penfield/base/check.h"

namespace penfield::activations {
namespace {

using Kind = CapturedMatrix::Kind;

// The matrix that a tap fills.
std::size_t samples_of(const CapturePlan& plan, const model::Tap& tap) {
  const auto found =
      std::find_if(plan.matrices.begin(), plan.matrices.end(), [&](const CapturedMatrix& matrix) {
        return matrix.kind == Kind::kSamples && matrix.site == tap.site && matrix.layer == tap.layer;
      });
  PENFIELD_CHECK(found != plan.matrices.end());
  return static_cast<std::size_t>(found - plan.matrices.begin());
}

// True for the first of the tapped sites that read the same.
bool is_first_of_input(const CapturePlan& plan, Site site) {
  const auto first = std::find_if(plan.taps.sites.begin(), plan.taps.sites.end(), [&](Site other) {
    return model::input_of(other) == model::input_of(site);
  });
  return *first == site;
}

Result<void> keep(const model::Tap& tap, std::size_t pass, ActivationStore& store) {
  const CapturePlan& plan = store.plan();
  PENFIELD_TRY_VOID(store.put(pass, samples_of(plan, tap), tap.values));
  if (!is_first_of_input(plan, tap.site)) return {};
  for (std::size_t m = 0; m < plan.matrices.size(); ++m) {
    const CapturedMatrix& matrix = plan.matrices[m];
    if (matrix.kind == Kind::kInputs && matrix.layer == tap.layer &&
        matrix.input == model::input_of(tap.site)) {
      return store.put(pass, m, tap.input);
    }
  }
  return {};
}

}  // namespace

Result<void> capture(const model::Model& model, std::span<const TokenId> stream_ids,
                     std::span<const sample::Window> windows, ActivationStore& store, const Watch& watch) {
  const CapturePlan& plan = store.plan();
  PENFIELD_TRY_VOID(model.check_request(plan.taps));
  model::ForwardBuffers buffers = model.make_buffers(plan.max_pass_rows());
  PassProgress progress(store, watch);
  PENFIELD_TRY_VOID(progress.begin());
  for (std::size_t p = 0; p < plan.passes.size(); ++p) {
    if (!store.runs_pass(p)) continue;
    const WindowPass& pass = plan.passes[p].windows;
    Result<void> kept;
    PENFIELD_TRY_VOID(model.forward(
        pass_tokens(pass, windows, stream_ids).sequences, plan.taps, buffers,
        [&](const model::Tap& tap) {
          if (kept) kept = keep(tap, p, store);
        },
        watch.stop()));
    PENFIELD_TRY_VOID(kept);
    PENFIELD_TRY_VOID(store.end_pass(p));
    PENFIELD_TRY_VOID(progress.end_pass(p));
  }
  return store.end_passes();
}

}  // namespace penfield::activations
