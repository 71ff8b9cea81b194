// How much of what was found holds on held-out text, as shares with intervals: for a layer and for the model.
#pragma once

#include <cstdint>
#include <limits>

namespace penfield::findings {

// Of a count, with its 95% interval; NaN where nothing was counted.
struct Share {
  double share = std::numeric_limits<double>::quiet_NaN();
  double lo = std::numeric_limits<double>::quiet_NaN(), hi = std::numeric_limits<double>::quiet_NaN();
};

// Of the significant units. Without held-out text the counts of what held are 0 and there are no shares.
struct Replication {
  std::uint64_t n_significant = 0;
  std::uint64_t n_replicated = 0;  // as Finding::replicated
  std::uint64_t n_concordant = 0;  // β of the same sign held out
  Share replicated, concordant;
};

// k of n with Wilson's interval (Wilson 1927, J. Am. Stat. Assoc. 22:209), whose cover stays near 95% also
// for a share near 0 or 1 and for few units (Brown, Cai & DasGupta 2001, Stat. Sci. 16:101).
//
// It counts units as independent. Neighbours in a layer are not, and all of them saw the same held-out
// tokens: the true interval is wider.
[[nodiscard]] Share share_of(std::uint64_t k, std::uint64_t n);

}  // namespace penfield::findings
