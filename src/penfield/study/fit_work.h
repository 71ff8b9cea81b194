// What the regressions of a study take, known before the first of them: those of the scan, of its further
// draws and of its nulls, with their permutations.
#pragma once

#include <cstdint>

#include "penfield/study/prepare.h"

namespace penfield::study {

struct FitWork {
  double thread_seconds = 0;    // of fits, on one thread of the machine of bench/README.md
  double permutation_flop = 0;  // of the products of scores and permuted labels
  double n_readings = 0;        // of all activations, one unit after the other
  std::uint64_t bytes = 0;      // most memory at one time, beside activations and results
};

[[nodiscard]] FitWork fit_work(const Prepared& prepared);

// Fits of one unit at so many samples, a value: as measured (docs/numerics.md, "Speed"), where the sorting of
// a column grows with the logarithm of its length and all else does not.
[[nodiscard]] double seconds_a_value(const RegressionOptions& options, std::uint64_t n_samples);

}  // namespace penfield::study
