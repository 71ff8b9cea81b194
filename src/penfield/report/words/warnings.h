// Warnings for readers of a result, in sentences.
#pragma once

#include <string>
#include <vector>

#include "penfield/store/run_record.h"

namespace penfield::report {

// From the finished record (counts, families, layers): a single document, few held-out targets, fewer windows
// than requested, few target words that repeat, few permuted items, separated units under Wald's test, no
// held-out text, emulated products.
[[nodiscard]] std::vector<std::string> find_warnings(const store::RunRecord& run);

// Of a scan of mlp.up or mlp.post of a gated MLP, which the record does not know to be one; empty for other
// sites.
[[nodiscard]] std::string gated_sign_warning(const store::RunRecord& run);

}  // namespace penfield::report
