// What samples.tsv, windows.tsv and the text part of run.json say, from the text rooms' data.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "penfield/sample/sample_plan.h"
#include "penfield/store/run_record.h"
#include "penfield/study/labelled_text.h"

namespace penfield::study {

// Every sampled position, in plan order.
[[nodiscard]] std::vector<store::SampleRow> sample_rows(const LabelledText& labelled,
                                                        const sample::SamplePlan& plan);

// Windows shown with heatmaps: of each split the first ones, while they hold at most max_tokens (at least one
// window).
[[nodiscard]] std::vector<std::uint32_t> heatmap_windows(const sample::SamplePlan& plan,
                                                         std::uint64_t max_tokens);

// Every token of `windows` (indices into plan.windows), in order.
[[nodiscard]] std::vector<store::WindowToken> window_tokens(const LabelledText& labelled,
                                                            const sample::SamplePlan& plan,
                                                            std::span<const std::uint32_t> windows);

// Distinct token ids among the discovery targets, and the most frequent of them.
struct TargetTypes {
  std::uint64_t n_types = 0;
  std::vector<store::TokenTypeCount> top;
};
[[nodiscard]] TargetTypes count_target_types(const LabelledText& labelled, const sample::SamplePlan& plan,
                                             std::size_t n_top);

}  // namespace penfield::study
