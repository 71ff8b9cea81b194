#include "penfield/study/estimate.h"

#include <filesystem>

#include "penfield/activations/memory_store.h"
#include "penfield/association/fit_table.h"
#include "penfield/association/prediction.h"
#include "penfield/base/parallel.h"
#include "penfield/findings/finding.h"
#include "penfield/model/buffers.h"
#include "penfield/model/weights.h"
#include "penfield/study/doctor.h"
#include "penfield/study/flop.h"
#include "penfield/study/stage_clock.h"

namespace penfield::study {
namespace {

// Measured: a unit's row of units.tsv, and a sample with its row of samples.tsv, as they stand in memory.
constexpr std::uint64_t kUnitText_bytes = 1100, kSampleText_bytes = 250;
// Libraries and heaps of threads, which come when the work begins.
constexpr std::uint64_t kWorkers_bytes = std::uint64_t{16} << 20;
// Every default column, a value and thread (docs/numerics.md).
constexpr double kFitSeconds = 5.7e-9;

std::uint64_t weight_file_bytes(const std::string& folder) {
  std::uint64_t n_bytes = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".safetensors") continue;
    const std::uint64_t size = std::filesystem::file_size(entry.path(), error);
    if (!error) n_bytes += size;
  }
  return n_bytes;
}

// The fits of both splits and of unseen words, what discovery says of held-out text, the findings made of
// them, and the tables' text.
std::uint64_t results_bytes(std::uint64_t n_units, std::uint64_t n_samples) {
  return n_units * (3 * sizeof(association::UnitFit) + sizeof(association::Prediction) +
                    sizeof(findings::Finding) + kUnitText_bytes) +
         n_samples * kSampleText_bytes;
}

}  // namespace

Result<StudyEstimate> estimate_needs(const StudyRequest& request, const Prepared& prepared) {
  const StudyPlan& plan = prepared.plan;
  const model::Gpt2Config& config = prepared.config;
  const sample::SamplePlan& samples = prepared.draws.captured;
  StudyEstimate out;
  out.precision = request.precision;
  out.n_windows = samples.windows.size();
  for (const sample::Window& window : samples.windows) out.n_window_tokens += window.n_tokens;
  out.n_samples = samples.samples.size();
  out.n_units = std::uint64_t{config.n_units(plan.site)} * plan.layers.size();
  out.weights_bytes = weight_file_bytes(request.model_folder);
  MemoryNeeds needs = {.process_bytes = rss_bytes() + kWorkers_bytes,
                       .weights_bytes = out.weights_bytes,
                       .forward_bytes = model::ForwardBuffers::bytes(config, prepared.capture.max_pass_rows(),
                                                                     n_threads(), request.precision),
                       .results_bytes = results_bytes(out.n_units, out.n_samples)};
  if (prepared.null_capture) {  // the shuffled model runs when the results are there
    needs.results_bytes += needs.forward_bytes + model::Gpt2Weights::shuffled_bytes(config) +
                           activations::MemoryStore::bytes(*prepared.null_capture);
  }
  PENFIELD_TRY(out.storage, choose_storage(prepared.capture, needs, request.memory_bytes, request.spill));
  const auto n_tokens = static_cast<double>(out.n_window_tokens);
  out.forward_flop =
      forward_flop(config, n_tokens, n_tokens / static_cast<double>(out.n_windows), plan.layers.back() + 1);
  out.counts[0] = samples.counts[0];
  out.counts[1] = samples.counts[1];
  return out;
}

double measure_seconds(const StudyEstimate& estimate) {
  const double n_values = static_cast<double>(estimate.n_samples) * static_cast<double>(estimate.n_units);
  return estimate.forward_flop / measure_pass_rate(estimate.precision) + n_values * kFitSeconds / n_threads();
}

}  // namespace penfield::study
