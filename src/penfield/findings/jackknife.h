// The interval of a replication rate, with documents as what was drawn.
//
// Units of a layer depend on each other and are all tested on the same documents, so a rate is as uncertain
// as the draw of these documents makes it, and not as the number of units. The rate is computed again without
// each group of documents, and SE² = (G − 1)/G Σ (r_g − r̄)² (the delete-a-group jackknife: Kott 2001, J.
// Official Stat. 17:521). A rate counts steps, over which a jackknife fails (Efron 1982, 3.4; Shao & Wu 1989,
// Ann. Stat. 17:1176), so in the r_g each step is smoothed: a unit counts Φ((z − z_border)/½). The width is
// chosen for its cover (bench/jackknife_cover.py): with 1, the deviation of z itself, the interval is too
// short, with steps too wide.
#pragma once

#include <cstdint>
#include <span>

#include "penfield/findings/replication.h"

namespace penfield::findings {

// Groups of documents, where there are so many; fewer than the second give no interval.
inline constexpr std::uint64_t kJackknifeGroups = 20, kFewestJackknifeGroups = 10;

// The smoothed step.
[[nodiscard]] double smooth_step(double z, double z_border);

// k of n, with the ends of a 95% interval from the smoothed rates without each group, on the logit scale and
// with Student's t with G − 1 degrees of freedom. No ends: fewer than kFewestJackknifeGroups groups.
[[nodiscard]] Share jackknife_share(std::uint64_t k, std::uint64_t n, std::span<const double> without);

}  // namespace penfield::findings
