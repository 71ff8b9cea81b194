// The rows of everything that is fitted in a study, among the positions that are captured.
#pragma once

#include <span>
#include <vector>

#include "penfield/sample/ladder.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/study/rows/row_set.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::study {

struct DrawRows {
  sample::SamplePlan captured;  // its samples are those of any of the following
  // Rows among captured.samples.
  SplitRows first;               // the scan, with its ladder
  std::vector<RowSet> further;   // of the discovery text: the same targets, another comparison group
  std::vector<SplitRows> lists;  // control lists, with their unseen words
};

// ladder       may be empty; lists: plans of the same windows
// word_strata  by token id, or empty: RowSet::word_strata
[[nodiscard]] DrawRows unite_draws(const tokens::TokenStream& stream, const sample::SamplePlan& plan,
                                   const sample::LadderSamples& ladder = {},
                                   std::span<const sample::SamplePlan> lists = {},
                                   std::span<const std::uint32_t> word_strata = {});

}  // namespace penfield::study
