// Rows without the samples of some documents, for a jackknife over documents.
#pragma once

#include <cstddef>
#include <vector>

#include "penfield/study/rows/row_set.h"

namespace penfield::study {

struct WithoutGroup {
  RowSet rows;
  double scale = 1;  // √(documents/documents left): of a z, as of all documents
};

// One for each of n_groups groups of documents, or of as many as there are documents; none where these are
// fewer than `fewest`.
[[nodiscard]] std::vector<WithoutGroup> leave_groups_out(const RowSet& set, std::size_t n_groups,
                                                         std::size_t fewest);

}  // namespace penfield::study
