// The whole job: a model, a text and a concept in; a result folder out. Calls the rooms in the order of the
// tour.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/store/result_folder.h"
#include "penfield/store/run_record.h"
#include "penfield/study/estimate.h"
#include "penfield/study/options.h"

namespace penfield::study {

struct StudyResult {
  store::RunRecord run;
  std::vector<findings::Finding> units;
  store::Heatmaps heatmaps;
  std::string taken_up;  // what an earlier run had done, in words; empty where there was none
};

// Runs everything and writes the result through `writer`, which the caller has opened before (so that an
// unwritable or busy folder is known before the work). Goes on with what an earlier run of the same inputs
// left in the folder. Where request.division has a team, each of its processes calls this, and the first
// writes. Reports the stages "forward", "fit", "permute", "draws" and "null". kMemory: the
// estimate is above request.memory_bytes. kInterrupted: stopped at a safe edge; no result is written. Other
// errors: those of StudyStore::open and of the rooms.
[[nodiscard]] Result<StudyResult> run_study(const StudyRequest& request, std::string_view penfield_version,
                                            store::ResultWriter& writer, const Watch& watch = {});

struct PartResult {
  std::uint64_t n_passes = 0, n_passes_of_study = 0;  // that are kept now, and of all parts
  std::string taken_up;                               // as in StudyResult
};

// The passes of request.division.part, which stay in the writer's folder for the run_study whose
// request.division.parts names it. The same inputs go on with what is there. Reports the stage "forward".
// Errors: those of run_study.
[[nodiscard]] Result<PartResult> run_part(const StudyRequest& request, std::string_view penfield_version,
                                          store::ResultWriter& writer, const Watch& watch = {});

// The steps up to the forward pass: reads model and text, draws the samples, and measures the machine.
[[nodiscard]] Result<StudyEstimate> estimate_study(const StudyRequest& request);

}  // namespace penfield::study
