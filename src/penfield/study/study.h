// The whole job: a model, a text and a concept in; a result folder out. Calls the rooms in the order of the
// tour.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/store/result_folder.h"
#include "penfield/store/run_record.h"
#include "penfield/study/options.h"

namespace penfield::study {

// done of total units of work in a stage; called from the thread that runs the study.
using Progress = std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t total,
                                    std::string_view unit)>;

struct StudyResult {
  store::RunRecord run;
  std::vector<findings::Finding> units;
  store::Heatmaps heatmaps;
};

// What a study would take, known before any forward pass.
struct StudyEstimate {
  std::uint64_t n_windows = 0, n_window_tokens = 0, n_samples = 0, n_units = 0;
  std::uint64_t weights_bytes = 0;  // of the mapped files
  std::uint64_t memory_bytes = 0;   // weights, activations of the samples, buffers
  double forward_flop = 0;
  sample::SplitCounts counts[2];
};

// Runs everything and writes the result through `writer`, which the caller has opened before (so that an
// unwritable or busy folder is known before the work). kMemory: the estimate is above request.memory_bytes.
// kInterrupted: stopped at a safe edge; nothing is written. Other errors: those of the rooms.
[[nodiscard]] Result<StudyResult> run_study(const StudyRequest& request, std::string_view penfield_version,
                                            store::ResultWriter& writer, const Progress& progress,
                                            const std::stop_token& stop);

// The same up to the forward pass: reads model and text, draws the samples, counts.
[[nodiscard]] Result<StudyEstimate> estimate_study(const StudyRequest& request);

}  // namespace penfield::study
