// Everything in a study that precedes the forward pass: reading the text, labelling tokens, choosing samples
// and further draws, and planning the capture.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "penfield/activations/capture_plan.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/model/model_spec.h"
#include "penfield/recorded/layer_files.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/store/unfinished_run.h"
#include "penfield/study/labelled_text.h"
#include "penfield/study/options.h"
#include "penfield/study/permute_layers.h"
#include "penfield/study/rows/draw_rows.h"
#include "penfield/study/stage_clock.h"

namespace penfield::study {

struct Prepared {
  StudyPlan plan;
  std::optional<model::ModelSpec> spec;                  // read once: what runs is what is recorded
  std::shared_ptr<const recorded::LayerFiles> recorded;  // in place of the model: those of the plan
  LabelledText labelled;
  std::string near_miss_name;            // the near miss in words for people; empty: none
  std::vector<std::string> token_notes;  // sentences for the warnings
  std::string bos_text;                  // plan.bos as shown on screen
  sample::SamplePlan samples;            // of the scan: its first draw
  DrawRows draws;  // the rows of every draw, of the ladder and of control lists among what is captured
  PermutationPlan permutation;
  std::vector<std::uint32_t> heatmap_windows;  // of samples.windows
  activations::CapturePlan capture;
  std::optional<activations::CapturePlan> null_capture;  // of null models, with --null weights or init
};

// Errors: those of the rooms, and resolve's; kBadInput if labels cannot be permuted as requested.
[[nodiscard]] Result<Prepared> prepare(const StudyRequest& request, StageClock& clock,
                                       const Watch& watch = {});

// Everything that decides the result, except the weights: what an unfinished run must share with this one.
[[nodiscard]] Result<store::RunInputs> inputs_of(const StudyRequest& request, const Prepared& prepared,
                                                 std::string_view version);

}  // namespace penfield::study
