// Corrections for multiple tests, entirely in the log domain: p and corrected p are −log10, so p = 1e-100000
// is handled like any other.
#pragma once

#include <span>
#include <vector>

#include "penfield/findings/correction.h"

namespace penfield::findings {

// −log10 of the corrected p of each test of one family.
//   neglog10_p  [n_tests], each >= 0, or NaN for a unit without a p-value
// A test without a p-value stays NaN, but counts in the size of the family: it is treated as p = 1. Corrected
// p is at most 1 (−log10 at least 0). The order of the tests does not matter, and equal p give equal
// corrected p.
// Not for kMaxT, which uses permutations: adjust_by_permutation (max_t.h).
// Relative error against statsmodels of the corrected p: below 1e-13 of its −log10
// (tests/golden/findings).
[[nodiscard]] std::vector<double> adjust(std::span<const double> neglog10_p, Correction correction);

}  // namespace penfield::findings
