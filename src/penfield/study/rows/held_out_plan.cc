#include "penfield/study/rows/held_out_plan.h"

#include <cstddef>
#include <unordered_set>

#include "penfield/base/check.h"

namespace penfield::study {

std::optional<HeldOutTest> held_out_test(const RowSet& discovery, const RowSet& held_out, double prevalence) {
  if (held_out.size() == 0) return std::nullopt;
  PENFIELD_CHECK(discovery.words.size() == discovery.size() && held_out.words.size() == held_out.size());
  const std::unordered_set<std::uint32_t> seen(discovery.words.begin(), discovery.words.end());
  HeldOutTest test{.unseen = {}, .prevalence = prevalence};
  for (std::size_t i = 0; i < held_out.size(); ++i) {
    if (seen.contains(held_out.words[i])) continue;
    test.unseen.rows.push_back(held_out.rows[i]);
    test.unseen.labels.push_back(held_out.labels[i]);
    test.unseen.words.push_back(held_out.words[i]);
    if (!held_out.documents.empty()) test.unseen.documents.push_back(held_out.documents[i]);
    if (!held_out.word_strata.empty()) test.unseen.word_strata.push_back(held_out.word_strata[i]);
  }
  return test;
}

}  // namespace penfield::study
