// What fit_columns takes beside the matrix and its table, for those who plan with little memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace penfield::association {

// Bytes of scratch for columns of n_samples values of value_bytes (4 or 8) on n_threads: a sorted panel, the
// merge or the radix sort's keys, and the plain road of odd columns; and the row numbers, once.
[[nodiscard]] std::uint64_t fit_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes,
                                              std::uint64_t n_threads);

// What fit_columns takes besides with options: the columns that all units share, and a panel's own.
// Covariates as they were given are the caller's.
[[nodiscard]] std::uint64_t adjusted_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes,
                                                   std::uint64_t n_covariates, std::uint64_t n_threads);

// Placements are counted exactly in 64 bits: n1·n0·max(n1, n0) < 2^62.
[[nodiscard]] bool can_be_counted(std::uint64_t n_target, std::uint64_t n_comparison);

}  // namespace penfield::association
