// The result of a run's permutations in a sentence.
#pragma once

#include <optional>
#include <string>

#include "penfield/store/run_record.h"

namespace penfield::report {

// How labels were permuted, the effective number of tests, and the inflation with its band; for several
// families the median of each. std::nullopt if labels were not permuted.
[[nodiscard]] std::optional<std::string> permutation_sentence(const store::RunRecord& run);

}  // namespace penfield::report
