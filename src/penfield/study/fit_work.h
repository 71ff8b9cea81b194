// The cost of a study's regressions, known beforehand: of the scan, of its further draws and of its null
// scans, with their permutations.
#pragma once

#include <cstdint>

#include "penfield/study/prepare.h"

namespace penfield::study {

struct FitWork {
  double thread_seconds = 0;    // of fits, on one thread of the machine of bench/README.md
  double permutation_flop = 0;  // of the products of scores and permuted labels
  double n_readings = 0;        // of all activations, one unit after the other
  std::uint64_t bytes = 0;      // peak memory, without activations and results
};

[[nodiscard]] FitWork fit_work(const Prepared& prepared);

// Seconds of a fit for each value, as measured (docs/numerics/engine.md, "Speed"): the cost of sorting grows
// with the logarithm of the number of samples, all other costs do not.
[[nodiscard]] double seconds_a_value(const RegressionOptions& options, std::uint64_t n_samples);

}  // namespace penfield::study
