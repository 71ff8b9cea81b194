#include "penfield/findings/jackknife.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "penfield/numeric/student_t_quantile.h"

namespace penfield::findings {

double smooth_step(double z, double z_border) {
  constexpr double kWidth = 0.5;
  return 0.5 * std::erfc((z_border - z) / (kWidth * std::numbers::sqrt2));
}

Share jackknife_share(std::uint64_t k, std::uint64_t n, std::span<const double> without) {
  Share out;
  if (n == 0) return out;
  out.share = static_cast<double>(k) / static_cast<double>(n);
  if (without.size() < kFewestJackknifeGroups) return out;
  const auto n_groups = static_cast<double>(without.size());
  const double mean = std::accumulate(without.begin(), without.end(), 0.0) / n_groups;
  double squares = 0;
  for (const double rate : without) squares += (rate - mean) * (rate - mean);
  const double error = std::sqrt((n_groups - 1) / n_groups * squares);
  // 0 and n of n have no logit: half a unit is left.
  const double half_unit = 0.5 / static_cast<double>(n);
  const double share = std::clamp(out.share, half_unit, 1 - half_unit);
  const double reach = numeric::student_t_quantile(0.975, n_groups - 1) * error / (share * (1 - share));
  const auto end = [&](double shift) { return 1 / (1 + (1 - share) / share * std::exp(-shift)); };
  out.lo = std::min(out.share, end(-reach));
  out.hi = std::max(out.share, end(reach));
  return out;
}

}  // namespace penfield::findings
