#include "penfield/association/scalar/clustered_auc.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/student_t_quantile.h"

namespace penfield::association {
namespace {

constexpr std::size_t kColumnsATime = 16;
constexpr double kManyDegrees = 1e9;  // of freedom: a normal quantile
// Sums of placements of one group as shares of what their cluster leaves of it.
double share(double sum, double n, double n_of_cluster) {
  return n > n_of_cluster ? sum / (n - n_of_cluster) : 0.0;
}

std::pair<double, double> ends_of(double auc, double se, double t, double fewest_clusters) {
  if (auc <= 0) return {0.0, std::min(1.0, 3 / fewest_clusters)};
  if (auc >= 1) return {std::max(0.0, 1 - 3 / fewest_clusters), 1.0};
  const double logit = std::log(auc / (1 - auc)), half = t * se / (auc * (1 - auc));
  const auto expit = [](double at) { return 1 / (1 + std::exp(-at)); };
  return {expit(logit - half), expit(logit + half)};
}

}  // namespace

struct ClusteredSamples::Scratch {
  std::vector<double> columns;                          // [columns of a panel, n_samples]
  std::vector<std::pair<double, std::uint32_t>> order;  // value, member
  std::vector<double> sums[2];                          // of placements, by label and cluster
};

struct ClusteredSamples::Area {
  double auc = ClusteredAuc::kNone;
  double variance = 0, over_df = 0;  // over_df: Σ over groups of (variance of the group)²/degrees of freedom
};

ClusteredSamples::ClusteredSamples(std::span<const std::uint8_t> labels,
                                   std::span<const std::uint32_t> clusters,
                                   std::span<const std::uint32_t> strata) {
  PENFIELD_CHECK(labels.size() == clusters.size() && (strata.empty() || strata.size() == labels.size()));
  std::map<std::uint32_t, Stratum> by_number;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    Stratum& stratum = by_number[strata.empty() ? 0 : strata[i]];
    stratum.members.push_back({i, clusters[i], labels[i]});
    stratum.group[labels[i]].n += 1;
  }
  std::unordered_set<std::uint32_t> all[2];
  for (auto& [number, stratum] : by_number) {
    if (stratum.group[0].n == 0 || stratum.group[1].n == 0) continue;
    std::unordered_map<std::uint32_t, std::uint32_t> number_of;
    for (Member& member : stratum.members) {
      all[member.label].insert(member.cluster);
      member.cluster =
          number_of.emplace(member.cluster, static_cast<std::uint32_t>(number_of.size())).first->second;
    }
    stratum.n_clusters = number_of.size();
    for (Group& group : stratum.group) group.of_cluster.assign(stratum.n_clusters, 0.0);
    for (const Member& member : stratum.members) stratum.group[member.label].of_cluster[member.cluster] += 1;
    for (Group& group : stratum.group) {
      double squares = 0;
      for (const double n : group.of_cluster) {
        group.n_clusters += n > 0 ? 1 : 0;
        squares += n * n;
      }
      group.effective = group.n * group.n / squares;
    }
    strata_.push_back(std::move(stratum));
  }
  n_target_clusters_ = all[1].size();
  n_comparison_clusters_ = all[0].size();
}

// Fills the sums of placements of every cluster; returns the area, NaN where a value is no number.
double ClusteredSamples::sum_placements(const Stratum& stratum, const double* column, Scratch& scratch) {
  auto& order = scratch.order;
  order.clear();
  for (std::uint32_t m = 0; m < stratum.members.size(); ++m) {
    const double value = column[stratum.members[m].row];
    if (std::isnan(value)) return ClusteredAuc::kNone;
    order.emplace_back(value, m);
  }
  std::sort(order.begin(), order.end());
  const double n1 = stratum.group[1].n, n0 = stratum.group[0].n;
  for (std::vector<double>& sums : scratch.sums) sums.assign(stratum.n_clusters, 0.0);
  double below[2] = {0, 0}, area = 0;  // below: by label
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    double equal[2] = {0, 0};
    for (; end < order.size() && order[end].first == order[i].first; ++end)
      equal[stratum.members[order[end].second].label] += 1;
    const double placement[2] = {(n1 - below[1] - equal[1] / 2) / n1, (below[0] + equal[0] / 2) / n0};
    area += equal[1] * placement[1];
    for (; i < end; ++i) {
      const Member& member = stratum.members[order[i].second];
      scratch.sums[member.label][member.cluster] += placement[member.label];
    }
    for (const int label : {0, 1}) below[label] += equal[label];
  }
  return area / n1;
}

ClusteredSamples::Area ClusteredSamples::area_of(const Stratum& stratum, const double* column,
                                                 Scratch& scratch) {
  Area out{.auc = sum_placements(stratum, column, scratch)};
  if (std::isnan(out.auc)) return out;
  double squares[2] = {0, 0}, products = 0;
  for (std::size_t g = 0; g < stratum.n_clusters; ++g) {
    double shares[2];
    for (const int label : {0, 1}) {
      const Group& group = stratum.group[label];
      const double sum = scratch.sums[label][g] - out.auc * group.of_cluster[g];
      shares[label] = share(sum, group.n, group.of_cluster[g]);
      squares[label] += shares[label] * shares[label];
    }
    products += shares[0] * shares[1];
  }
  const auto all = static_cast<double>(stratum.n_clusters);
  double variance = 2 * (all - 1) / all * products;
  for (const int label : {0, 1}) {
    const Group& group = stratum.group[label];
    const double of_group = (group.n_clusters - 1) / group.n_clusters * squares[label];
    variance += of_group;
    if (group.effective > 1) out.over_df += of_group * of_group / (group.effective - 1);
  }
  out.variance = std::max(0.0, variance);
  return out;
}

ClusteredAuc ClusteredSamples::column_area(const double* column, Scratch& scratch) const {
  ClusteredAuc out;
  double weights = 0, area = 0, variance = 0, over_df = 0;
  bool has_ends = false;
  for (const Stratum& stratum : strata_) {
    const Area of_stratum = area_of(stratum, column, scratch);
    if (std::isnan(of_stratum.auc)) return out;
    const double n1 = stratum.group[1].n, n0 = stratum.group[0].n;
    const double weight = n1 * n0 / (n1 + n0 + 1), squared = weight * weight;
    weights += weight;
    area += weight * of_stratum.auc;
    variance += squared * of_stratum.variance;
    over_df += squared * squared * of_stratum.over_df;
    has_ends = has_ends || std::min(stratum.group[0].n_clusters, stratum.group[1].n_clusters) >= 2;
  }
  if (weights == 0) return out;
  out.auc = area / weights;
  if (!has_ends) return out;
  const double se = std::sqrt(variance) / weights;
  // At least one degree of freedom: fewer would be of a single cluster that holds nearly all.
  const double df = over_df > 0 ? std::max(1.0, variance * variance / over_df) : kManyDegrees;
  const auto fewest = static_cast<double>(std::min(n_target_clusters_, n_comparison_clusters_));
  std::tie(out.lo, out.hi) = ends_of(out.auc, se, numeric::student_t_quantile(0.975, df), fewest);
  std::tie(out.lo_90, out.hi_90) = ends_of(out.auc, se, numeric::student_t_quantile(0.95, df), fewest);
  return out;
}

template <class T>
std::vector<ClusteredAuc> ClusteredSamples::areas(MatrixView<const T> x,
                                                  const std::vector<bool>& is_wanted) const {
  PENFIELD_CHECK(is_wanted.empty() || is_wanted.size() == x.cols);
  std::vector<ClusteredAuc> out(x.cols);
  std::vector<Scratch> scratch(static_cast<std::size_t>(n_threads()));
  const std::size_t n_panels = (x.cols + kColumnsATime - 1) / kColumnsATime;
  parallel_for(n_panels, [&](std::size_t panel, int thread) {
    Scratch& own = scratch[static_cast<std::size_t>(thread)];
    const std::size_t first = panel * kColumnsATime, n = std::min(kColumnsATime, x.cols - first);
    const auto wants = [&](std::size_t c) { return is_wanted.empty() || is_wanted[first + c]; };
    std::size_t n_wanted = 0;
    for (std::size_t c = 0; c < n; ++c) n_wanted += wants(c) ? 1 : 0;
    if (n_wanted == 0) return;
    own.columns.resize(n * x.rows);
    for (std::size_t r = 0; r < x.rows; ++r) {
      for (std::size_t c = 0; c < n; ++c) own.columns[c * x.rows + r] = static_cast<double>(x(r, first + c));
    }
    for (std::size_t c = 0; c < n; ++c) {
      if (wants(c)) out[first + c] = column_area(&own.columns[c * x.rows], own);
    }
  });
  return out;
}

template std::vector<ClusteredAuc> ClusteredSamples::areas<float>(MatrixView<const float>,
                                                                  const std::vector<bool>&) const;
template std::vector<ClusteredAuc> ClusteredSamples::areas<double>(MatrixView<const double>,
                                                                   const std::vector<bool>&) const;

}  // namespace penfield::association
