#include "penfield/study/rows/leave_groups_out.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "penfield/study/rows/by_document.h"

namespace penfield::study {

std::vector<WithoutGroup> leave_groups_out(const RowSet& set, std::size_t n_groups, std::size_t fewest) {
  std::vector<std::uint32_t> documents = set.documents;
  std::ranges::sort(documents);
  documents.erase(std::unique(documents.begin(), documents.end()), documents.end());
  n_groups = std::min(documents.size(), n_groups);
  if (n_groups < fewest) return {};
  std::vector<WithoutGroup> out(n_groups);
  for (std::size_t i = 0; i < set.size(); ++i) {
    const auto at = std::ranges::lower_bound(documents, set.documents[i]) - documents.begin();
    for (std::size_t g = 0; g < n_groups; ++g) {
      if (static_cast<std::size_t>(at) % n_groups == g) continue;
      RowSet& rows = out[g].rows;
      rows.rows.push_back(set.rows[i]);
      rows.labels.push_back(set.labels[i]);
      rows.words.push_back(set.words[i]);
      rows.documents.push_back(set.documents[i]);
      if (!set.word_strata.empty()) rows.word_strata.push_back(set.word_strata[i]);
    }
  }
  for (WithoutGroup& one : out)
    one.scale =
        std::sqrt(static_cast<double>(documents.size()) / static_cast<double>(count_documents(one.rows)));
  return out;
}

}  // namespace penfield::study
