// Several selections of positions, captured once: a forward pass costs the same however many of its positions
// are kept, so the samples of every draw, ladder and control list are captured together, and each is a
// selection of their rows.
#pragma once

#include <span>
#include <vector>

#include "penfield/sample/sample_plan.h"
#include "penfield/study/rows/row_set.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::study {

class SampleUnion {
 public:
  // Begins with the samples of the plan. The arguments must outlive the object.
  //   word_strata  by token id, or empty: RowSet::word_strata
  SampleUnion(const tokens::TokenStream& stream, const sample::SamplePlan& plan,
              std::span<const std::uint32_t> word_strata = {});

  // samples: of the plan's windows, in the order of the text. Adding makes earlier rows void.
  void add(std::span<const sample::Sample> samples);

  // The rows of `some`, all of which were added, with their labels, words and documents.
  [[nodiscard]] RowSet rows_of(std::span<const sample::Sample> some) const;
  // Both splits of a plan of the same windows.
  [[nodiscard]] SplitRows rows_of(const sample::SamplePlan& plan) const;

  // The plan whose samples are all that were added.
  [[nodiscard]] sample::SamplePlan captured() const;

 private:
  const tokens::TokenStream& stream_;
  const sample::SamplePlan& plan_;
  std::span<const std::uint32_t> word_strata_;
  std::vector<sample::Sample> all_;
};

}  // namespace penfield::study
