// Which samples are fitted together, and to which group each belongs.
//
// Activations are captured once, for every position that any part of a study looks at; what is fitted is a
// set of their rows: the scan itself, a further draw of the comparison group, the same rows under permuted
// labels. All of them go through fit_layers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::study {

class RowRegression;  // row_regression.h

struct RowSet {
  std::vector<std::uint32_t> rows;   // of a captured block; rising
  std::vector<std::uint8_t> labels;  // [rows.size()], 1 target, 0 comparison
  // How the regressions are made; null: plain, on the activation alone.
  std::shared_ptr<const RowRegression> regression = nullptr;
  // [rows.size()] rows of one number permute their labels among themselves, or exchange them as one
  // (permutation/exchange.h); empty: every row on its own.
  std::vector<std::uint32_t> blocks = {};
  // [rows.size()] the word of each row: one observation of the word-level statistics. Empty: none are made.
  std::vector<std::uint32_t> words = {};
  // [rows.size()] words are compared within these; the same for all uses of a word. Empty: one stratum.
  std::vector<std::uint32_t> word_strata = {};
  // [rows.size()] the document of each row: one observation of the tests of documents. Empty: none are made.
  std::vector<std::uint32_t> documents = {};
  // The exchange of these labels within these blocks, where permutations need it.
  std::shared_ptr<const permutation::Exchange> exchange = nullptr;

  [[nodiscard]] std::size_t size() const { return rows.size(); }
};

// The same rows under other labels [rows.size()]: what depends on the labels is made again.
[[nodiscard]] RowSet with_labels(const RowSet& set, std::vector<std::uint8_t> labels);

// What else is asked of the held-out rows, in the scan itself.
struct HeldOutTest {
  // The held-out rows of both groups whose word was sampled in discovery in neither group: a column that is a
  // table of discovery's words tells nothing among them.
  RowSet unseen;
  // All that is said of units, or only what a grade needs: the areas of those that may have replicated.
  bool is_whole = true;
  double prevalence = 0;  // of targets in the held-out text; NaN where the comparison is no random draw
};

// The held-out targets against further comparison groups (findings/word_level.h); rows of a set may be empty.
struct LadderRows {
  RowSet all, near_miss, carrier;
  std::vector<std::uint32_t> strata = {};  // [near_miss.size()]; empty: one stratum
  bool is_matched = false;                 // the scan's own comparison is
};

// What is found in discovery is tested on held_out, which is empty where there is no such text.
struct SplitRows {
  RowSet discovery, held_out;
  std::optional<HeldOutTest> test = std::nullopt;
  std::optional<LadderRows> ladder = std::nullopt;
};

// All samples of a plan whose samples are the rows of the captured blocks.
[[nodiscard]] SplitRows rows_of_plan(const sample::SamplePlan& plan);

// The rows of `set` of a block [n_samples, n_units], in their order: a part of the block itself where they
// follow each other without a gap, else copied into `scratch`, which grows to their size.
[[nodiscard]] MatrixView<const float> gather_rows(MatrixView<const float> block, const RowSet& set,
                                                  std::vector<float>& scratch);

}  // namespace penfield::study
