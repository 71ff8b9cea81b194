// What permute_families allocates, for callers that plan with a limit of memory.
#pragma once

#include <cstdint>

namespace penfield::permutation {

// Bytes that permute_families allocates, including its labels and tables, for n_columns of all families
// together, if no two samples move as one.
[[nodiscard]] std::uint64_t permutation_bytes(std::uint64_t n_samples, std::uint64_t n_permutations,
                                              std::uint64_t n_families, std::uint64_t n_columns,
                                              std::uint64_t n_threads);

}  // namespace penfield::permutation
