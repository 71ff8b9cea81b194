// Documents as the observations of a scan whose first observations are words.
//
// Words are compared as if they were independent. A label that goes with documents joins all words of a
// document, and what these share, such as the topic, then goes with the label. A unit of the default scan
// must therefore also be found where documents are the observations: both null hypotheses are to be rejected
// (an intersection-union test, Berger 1982, Technometrics 24:295), each at the corrected level.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/permutation/exchange.h"
#include "penfield/permutation/welch_of_items.h"
#include "penfield/study/rows/row_set.h"

namespace penfield::study {

// How labels are permuted with documents as the observations: signs of their scores where they are 20 or
// more; with fewer, labels within documents, or among the means of documents where some have one label only.
// Empty: no p could be below alpha, or the rows name no documents.
[[nodiscard]] std::optional<permutation::Exchange> exchange_of_documents(const RowSet& rows, double alpha);

[[nodiscard]] std::uint64_t count_documents(const RowSet& rows);

// Tests of the scores of documents, one a column; none where there are fewer than 20.
[[nodiscard]] std::vector<permutation::ItemTest> test_documents(MatrixView<const float> x,
                                                                const RowSet& rows);

}  // namespace penfield::study
