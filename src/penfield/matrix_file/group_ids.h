// Which samples belong together, as whole numbers: the clusters and the blocks of `associate`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/matrix_file/values.h"

namespace penfield::matrix_file {

struct GroupIds {
  std::vector<std::uint32_t> ids;  // [samples], 0 … n - 1, in the order of the numbers as given
  std::size_t n = 0;
};

// Equal numbers are one group. `what`: "cluster", "block". kBadInput: what is given is no axis of whole
// numbers within ±2^53 (beyond which a double takes different ones for the same), one a sample.
[[nodiscard]] Result<GroupIds> group_ids(const Values& given, std::uint64_t n_samples, const char* what);

}  // namespace penfield::matrix_file
