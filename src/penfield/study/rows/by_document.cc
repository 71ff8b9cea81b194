#include "penfield/study/rows/by_document.h"

#include <cmath>
#include <unordered_set>
#include <utility>

#include "penfield/permutation/test_of_blocks.h"

namespace penfield::study {

std::uint64_t count_documents(const RowSet& rows) {
  return std::unordered_set<std::uint32_t>(rows.documents.begin(), rows.documents.end()).size();
}

std::optional<permutation::Exchange> exchange_of_documents(const RowSet& rows, double alpha) {
  if (rows.documents.empty()) return std::nullopt;
  permutation::Exchange out = count_documents(rows) >= permutation::kFewestFlips
                                  ? permutation::flip_signs(rows.labels, rows.documents)
                                  : permutation::exchange_within(rows.labels, rows.documents);
  const bool can_decide =
      !permutation::has_too_few_items(out) && std::pow(10.0, -permutation::neglog10_least_p(out)) < alpha;
  return can_decide ? std::optional(std::move(out)) : std::nullopt;
}

std::vector<permutation::ItemTest> test_documents(MatrixView<const float> x, const RowSet& rows) {
  if (rows.documents.empty() || count_documents(rows) < permutation::kFewestFlips) return {};
  return permutation::test_block_scores(x, permutation::flip_signs(rows.labels, rows.documents));
}

}  // namespace penfield::study
