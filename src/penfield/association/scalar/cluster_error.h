// The standard error of a unit's coefficient that allows for dependence within clusters, and its degrees of
// freedom.
//
// The plain sandwich (Liang & Zeger 1986) with a normal z finds far too much where clusters are few: its
// error comes from residuals that the fit has made small, and it is itself an estimate. So the residuals of a
// cluster are multiplied by the inverse root of what the fit leaves of them, CR2 (Bell & McCaffrey 2002,
// Survey Methodology 28:169; Pustejovsky & Tipton 2018, J. Bus. Econ. Stat. 36:672, eq. 5), in the least
// squares of (y − p)/√w on √w·x that the last step of the fit is. The statistic is compared with Student's t
// of Satterthwaite's degrees of freedom (the same, eq. 9).
//
// With Q R the weighted design √w·x, v = R⁻ᵀe of the unit, S = Σ QᵢQᵢ' and u = Σ ±qᵢxᵢ over a cluster's
// samples:
//   h = (1 − S)^(−½)v,  s = h'R⁻ᵀu,  SE² = Σ s²,
//   t = S·h,  ω = h't − t't,  df = (Σω)² / (Σ(ω² − (t't)²) + ‖Σ t·t'‖²).
// No matrix is larger than the number of coefficients.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/association/scalar/adjusted_likelihood.h"

namespace penfield::association {

// The samples of each cluster, in the order of a design: the targets first.
struct ClusterRows {
  std::vector<std::uint32_t> rows;  // cluster after cluster
  std::vector<std::size_t> first;   // [n + 1], where each begins in `rows`
  std::size_t n_with_target = 0, n_with_comparison = 0;

  // cluster [n]: any numbers.
  static ClusterRows of(std::span<const std::uint32_t> cluster, std::size_t n_target);
  [[nodiscard]] std::size_t n() const { return first.empty() ? 0 : first.size() - 1; }
};

// With fewer clusters in a group there is no error: what they would say of each other is not known.
inline constexpr std::size_t kFewestClusters = 5;

struct ClusterError {
  double se = 0, df = 0;  // NaN: the design is not sound, or a group has fewer than kFewestClusters
};

// At the maximum `theta` of the likelihood.
[[nodiscard]] ClusterError cluster_error(const Design& design, std::span<const double> theta,
                                         const ClusterRows& clusters, AdjustedScratch& scratch);

}  // namespace penfield::association
