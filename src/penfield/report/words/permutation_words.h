// What the permutations of a run say, in a sentence.
#pragma once

#include <optional>
#include <string>

#include "penfield/store/run_record.h"

namespace penfield::report {

// How labels were permuted, how many independent tests the units amount to, and the inflation with its band;
// over several families the median of each. None where labels were not permuted.
[[nodiscard]] std::optional<std::string> permutation_sentence(const store::RunRecord& run);

}  // namespace penfield::report
