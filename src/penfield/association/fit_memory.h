// What fit_columns allocates in addition to matrix and table, for callers that plan with a memory limit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace penfield::association {

// Bytes of scratch for columns of n_samples values of value_bytes (4 or 8) on n_threads: a sorted panel, what
// sorts and merges it, and the scalar fallback for each thread; and the row numbers, once.
[[nodiscard]] std::uint64_t fit_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes,
                                              std::uint64_t n_threads);

// What fit_columns allocates in addition with options: the shared columns and those of a panel. The
// covariates passed in are the caller's.
[[nodiscard]] std::uint64_t adjusted_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes,
                                                   std::uint64_t n_covariates, std::uint64_t n_threads);

// True if placements can be counted exactly in 64 bits: n1·n0·max(n1, n0) < 2^62.
[[nodiscard]] bool can_be_counted(std::uint64_t n_target, std::uint64_t n_comparison);

}  // namespace penfield::association
