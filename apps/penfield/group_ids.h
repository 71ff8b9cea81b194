// Which samples belong together, from an npy file of the user's: --cluster, --strata.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::app {

struct GroupIds {
  std::vector<std::uint32_t> ids;  // [samples], 0 … n - 1, in the order of the numbers in the file
  std::size_t n = 0;
};

// Equal numbers are one group. `what`: "cluster", "block". kBadInput: the file is no axis of whole numbers
// within ±2^53 (beyond which a double takes different ones for the same), one a sample.
[[nodiscard]] Result<GroupIds> read_group_ids(const std::string& path, std::uint64_t n_samples,
                                              const char* what);

}  // namespace penfield::app
