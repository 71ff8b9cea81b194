#include "penfield/study/estimate.h"

#include <algorithm>

#include "penfield/activations/memory_store.h"
#include "penfield/association/scalar/fit_table.h"
#include "penfield/association/scalar/prediction.h"
#include "penfield/base/amounts.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/finding.h"
#include "penfield/machine/doctor.h"
#include "penfield/machine/flop.h"
#include "penfield/model/buffers.h"
#include "penfield/model/weights.h"
#include "penfield/study/stage_clock.h"

namespace penfield::study {
namespace {

// Measured: a unit's row of units.tsv, and a sample with its row of samples.tsv, as they stand in memory.
constexpr std::uint64_t kUnitText_bytes = 1100, kSampleText_bytes = 250;
// Measured: activations on disk that the system's cache holds, with their checksums.
constexpr double kReadBytes_per_s = 3.5e9;
// Measured: shuffling of weights, a thread.
constexpr double kShuffledBytes_per_s = 0.16e9;

// The fits of both splits and of unseen words, what discovery says of held-out text, the findings made of
// them, and the tables' text.
std::uint64_t results_bytes(std::uint64_t n_units, std::uint64_t n_samples) {
  return n_units * (3 * sizeof(association::UnitFit) + sizeof(association::Prediction) +
                    sizeof(findings::Finding) + kUnitText_bytes) +
         n_samples * kSampleText_bytes;
}

double flop_of(const Prepared& prepared, const sample::SamplePlan& samples) {
  if (!prepared.spec) return 0;
  const std::uint32_t n_before = prepared.plan.bos ? 1 : 0;
  double n_tokens = 0;
  for (const sample::Window& window : samples.windows) n_tokens += n_before + window.n_tokens;
  return machine::forward_flop(prepared.spec->architecture, n_tokens,
                               n_tokens / static_cast<double>(samples.windows.size()),
                               prepared.plan.layers.back() + 1);
}

// Buffers of a pass; of recorded activations, its rows of the widest layer.
std::uint64_t pass_bytes(const StudyRequest& request, const Prepared& prepared) {
  const std::size_t n_rows = prepared.capture.max_pass_rows();
  if (!prepared.spec)
    return std::uint64_t{n_rows} * std::ranges::max(prepared.plan.layer_units) * sizeof(float);
  return model::ForwardBuffers::bytes(prepared.spec->architecture, n_rows, n_threads(), request.precision);
}

}  // namespace

MemoryNeeds weights_needs(const model::WeightsBytes& weights) {
  return {.process_bytes = rss_bytes() + kWorkers_bytes,
          .weights_bytes = weights.mapped + weights.converted,
          .opening_bytes = weights.replaced};
}

Result<void> check_pass_memory(const std::string& folder, const model::ModelSpec& spec,
                               std::uint64_t pass_bytes, std::optional<std::uint64_t> limit) {
  if (!limit) return {};
  PENFIELD_TRY(const model::WeightsBytes weights, model::Weights::measure(folder, spec));
  MemoryNeeds needs = weights_needs(weights);
  needs.forward_bytes = pass_bytes;
  const std::uint64_t peak = needs.peak(0, 0);
  if (peak <= *limit) return {};
  return fail(ErrorKind::kMemory,
              "--memory {} is too little: this needs about {}; use a smaller --window or fewer layers",
              format_bytes(*limit), format_bytes(peak));
}

Result<StudyEstimate> estimate_needs(const StudyRequest& request, const Prepared& prepared) {
  const StudyPlan& plan = prepared.plan;
  const sample::SamplePlan& samples = prepared.draws.captured;
  StudyEstimate out;
  out.precision = request.precision;
  out.n_windows = samples.windows.size();
  const std::uint32_t n_before = plan.bos ? 1 : 0;
  for (const sample::Window& window : samples.windows) out.n_window_tokens += n_before + window.n_tokens;
  out.n_samples = samples.samples.size();
  out.n_units = plan.n_units();
  model::WeightsBytes weights;  // recorded activations have none
  if (prepared.spec) {
    PENFIELD_TRY(weights, model::Weights::measure(request.model_folder, *prepared.spec));
  }
  out.weights_bytes = weights.mapped + weights.converted;
  out.fits = fit_work(prepared);
  MemoryNeeds needs = weights_needs(weights);
  needs.forward_bytes = pass_bytes(request, prepared);
  needs.fit_bytes = results_bytes(out.n_units, out.n_samples) + out.fits.bytes;
  const activations::CapturePlan* null_plan = prepared.null_capture ? &*prepared.null_capture : nullptr;
  if (null_plan != nullptr) {
    const auto& nulls = *plan.controls.nulls;
    const bool initialises = std::ranges::find(nulls, store::NullKind::kInit) != nulls.end();
    const std::uint64_t replaced =
        initialises ? std::max(weights.shuffled, weights.initialised) : weights.shuffled;
    needs.null_bytes = replaced + weights.converted;
    needs.null_opening_bytes = weights.converted + weights.replaced;
    const auto is_model = [](store::NullKind kind) {
      return kind == store::NullKind::kWeights || kind == store::NullKind::kInit;
    };
    const auto n_models =
        static_cast<std::uint64_t>(std::ranges::count_if(nulls, is_model)) * *plan.controls.n_null_runs;
    out.null_weights_bytes = n_models * needs.null_bytes;
    out.null_forward_flop = static_cast<double>(n_models) * flop_of(prepared, prepared.samples);
  }
  PENFIELD_TRY(out.storage, choose_storage(prepared.capture, null_plan, needs, request.memory_bytes,
                                           request.spill, request.division));
  out.forward_flop = flop_of(prepared, samples);
  out.counts[0] = samples.counts[0];
  out.counts[1] = samples.counts[1];
  return out;
}

double measure_seconds(const StudyEstimate& estimate) {
  const double flop = estimate.forward_flop + estimate.null_forward_flop;
  const double thread_seconds =
      estimate.fits.thread_seconds + static_cast<double>(estimate.null_weights_bytes) / kShuffledBytes_per_s;
  const double n_bytes_read = estimate.fits.n_readings * static_cast<double>(estimate.storage.disk_bytes);
  double seconds = flop / machine::measure_pass_rate(estimate.precision) + thread_seconds / n_threads() +
                   n_bytes_read / kReadBytes_per_s;
  if (estimate.fits.permutation_flop > 0)
    seconds += estimate.fits.permutation_flop / machine::measure_pass_rate(numeric::Precision::kFloat32);
  return seconds;
}

}  // namespace penfield::study
