// An estimate of a study's time and memory, made before any forward pass.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "penfield/base/result.h"
#include "penfield/model/weights.h"
#include "penfield/numeric/precision.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/study/fit_work.h"
#include "penfield/study/options.h"
#include "penfield/study/prepare.h"
#include "penfield/study/storage/storage.h"

namespace penfield::study {

struct StudyEstimate {
  std::uint64_t n_windows = 0, n_window_tokens = 0, n_samples = 0, n_units = 0;
  std::uint64_t weights_bytes = 0;  // in memory, including mapped ones
  Storage storage;                  // peak memory, and disk for activations
  numeric::Precision precision = numeric::Precision::kFloat32;
  double forward_flop = 0;               // of the scan's passes
  double null_forward_flop = 0;          // of the passes of the shuffled model, with --null weights
  std::uint64_t null_weights_bytes = 0;  // and its weights
  FitWork fits;
  double seconds = 0;  // of all stages on this machine; 0 if not measured
  sample::SplitCounts counts[2];
};

// Of a process that is about to open such weights, as it is now; the rest is the caller's to fill in.
[[nodiscard]] MemoryNeeds weights_needs(const model::WeightsBytes& weights);

// For commands that only run passes. kMemory: the weights and pass_bytes, the buffers of a pass, are more
// than `limit`. Other errors: those of Weights::measure.
[[nodiscard]] Result<void> check_pass_memory(const std::string& folder, const model::ModelSpec& spec,
                                             std::uint64_t pass_bytes, std::optional<std::uint64_t> limit);

// To be called when the text is in memory and the weights are not yet: the process as it is counts. kMemory:
// more than request.memory_bytes.
[[nodiscard]] Result<StudyEstimate> estimate_needs(const StudyRequest& request, const Prepared& prepared);

// Seconds of passes, fits and permutations, from a product rate measured now, which takes some tenths of a
// second.
[[nodiscard]] double measure_seconds(const StudyEstimate& estimate);

}  // namespace penfield::study
