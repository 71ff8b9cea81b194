// How many significant units hold on held-out text, as shares with intervals, for a layer and the model.
#pragma once

#include <cstdint>
#include <limits>

namespace penfield::findings {

// A proportion with its 95% interval; NaN if nothing was counted.
struct Share {
  double share = std::numeric_limits<double>::quiet_NaN();
  double lo = std::numeric_limits<double>::quiet_NaN(), hi = std::numeric_limits<double>::quiet_NaN();
};

// Counts of the significant units. Without held-out text, the other counts are 0 and the shares NaN.
struct Replication {
  std::uint64_t n_significant = 0;
  std::uint64_t n_replicated = 0;  // as Finding::replicated
  std::uint64_t n_concordant = 0;  // β of the same sign held out
  Share replicated, concordant;
};

// k of n with Wilson's interval (Wilson 1927, J. Am. Stat. Assoc. 22:209), whose coverage stays near 95% for
// shares near 0 or 1 and for few units (Brown, Cai & DasGupta 2001, Stat. Sci. 16:101).
//
// It treats units as independent. Units of a layer are not, and all are tested on the same held-out tokens,
// so the true uncertainty is larger.
[[nodiscard]] Share share_of(std::uint64_t k, std::uint64_t n);

}  // namespace penfield::findings
