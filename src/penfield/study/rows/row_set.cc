#include "penfield/study/rows/row_set.h"

#include <algorithm>
#include <functional>
#include <span>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/study/rows/row_regression.h"

namespace penfield::study {
namespace {

bool follow_each_other(const RowSet& set) {
  return set.rows.empty() || set.rows.back() - set.rows.front() + 1 == set.rows.size();
}

}  // namespace

RowSet with_labels(const RowSet& set, std::vector<std::uint8_t> labels) {
  PENFIELD_CHECK(labels.size() == set.size());
  RowSet out{.rows = set.rows,
             .labels = std::move(labels),
             .blocks = set.blocks,
             .words = set.words,
             .word_strata = set.word_strata,
             .documents = set.documents};
  if (set.regression)
    out.regression = std::make_shared<const RowRegression>(set.regression->with_labels(out.labels));
  return out;
}

SplitRows rows_of_plan(const sample::SamplePlan& plan) {
  SplitRows out;
  for (std::size_t i = 0; i < plan.samples.size(); ++i) {
    RowSet& set = i < plan.n_discovery_samples ? out.discovery : out.held_out;
    set.rows.push_back(static_cast<std::uint32_t>(i));
    set.labels.push_back(plan.samples[i].is_target ? 1 : 0);
  }
  return out;
}

MatrixView<const float> gather_rows(MatrixView<const float> block, const RowSet& set,
                                    std::vector<float>& scratch) {
  PENFIELD_CHECK(set.labels.size() == set.size());
  PENFIELD_CHECK(std::adjacent_find(set.rows.begin(), set.rows.end(), std::greater_equal{}) ==
                 set.rows.end());
  if (follow_each_other(set)) {
    return block.block(set.rows.empty() ? 0 : set.rows.front(), set.size(), 0, block.cols);
  }
  PENFIELD_CHECK(set.rows.back() < block.rows);
  scratch.resize(std::max(scratch.size(), set.size() * block.cols));
  const MatrixView<float> gathered(scratch.data(), set.size(), block.cols);
  parallel_for(set.size(), [&](std::size_t i, int) {
    const std::span<const float> from = block.row(set.rows[i]);
    std::copy(from.begin(), from.end(), gathered.row(i).begin());
  });
  return gathered;
}

}  // namespace penfield::study
