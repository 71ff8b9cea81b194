#include "penfield/findings/replication.h"

#include <algorithm>
#include <cmath>

#include "penfield/base/check.h"
#include "penfield/numeric/constants.h"

namespace penfield::findings {

Share share_of(std::uint64_t k, std::uint64_t n) {
  PENFIELD_CHECK(k <= n);
  if (n == 0) return {};
  const auto size = static_cast<double>(n);
  const double share = static_cast<double>(k) / size;
  const double z2 = numeric::kNormal975 * numeric::kNormal975;
  const double centre = (share + z2 / (2 * size)) / (1 + z2 / size);
  const double half =
      numeric::kNormal975 * std::sqrt(share * (1 - share) / size + z2 / (4 * size * size)) / (1 + z2 / size);
  // At 0 and n the ends are 0 and 1 but for rounding.
  return {.share = share,
          .lo = k == 0 ? 0.0 : std::max(0.0, centre - half),
          .hi = k == n ? 1.0 : std::min(1.0, centre + half)};
}

}  // namespace penfield::findings
