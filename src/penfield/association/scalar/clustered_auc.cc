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
  std::vector<double> sums[2];                          // by label and cluster: of placements in a stratum
  std::vector<double> shares[2];  // of what a cluster leaves of its group, over all strata
};

ClusteredSamples::ClusteredSamples(std::span<const std::uint8_t> labels,
                                   std::span<const std::uint32_t> clusters,
                                   std::span<const std::uint32_t> strata) {
  PENFIELD_CHECK(labels.size() == clusters.size() && (strata.empty() || strata.size() == labels.size()));
  std::map<std::uint32_t, Stratum> by_number;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    Stratum& stratum = by_number[strata.empty() ? 0 : strata[i]];
    stratum.members.push_back({i, clusters[i], labels[i]});
    stratum.n[labels[i]] += 1;
  }
  for (auto& [number, stratum] : by_number) {
    if (stratum.n[0] > 0 && stratum.n[1] > 0) strata_.push_back(std::move(stratum));
  }
  const auto shows_variance = [](const Stratum& stratum) {
    std::unordered_set<std::uint32_t> of[2];
    for (const Member& member : stratum.members) of[member.label].insert(member.cluster);
    return std::min(of[0].size(), of[1].size()) >= 2;
  };
  has_ends_ = std::ranges::any_of(strata_, shows_variance);
  if (has_ends_) std::erase_if(strata_, [&](const Stratum& stratum) { return !shows_variance(stratum); });
  count_clusters();
}

// Numbers the clusters, and counts those of each stratum and of all.
void ClusteredSamples::count_clusters() {
  std::unordered_map<std::uint32_t, std::uint32_t> number_of;
  for (Stratum& stratum : strata_) {
    std::map<std::uint32_t, double> n_of[2];
    for (Member& member : stratum.members) {
      member.cluster =
          number_of.emplace(member.cluster, static_cast<std::uint32_t>(number_of.size())).first->second;
      n_of[member.label][member.cluster] += 1;
    }
    for (const int label : {0, 1}) stratum.of[label].assign(n_of[label].begin(), n_of[label].end());
    stratum.weight = stratum.n[1] * stratum.n[0] / (stratum.n[1] + stratum.n[0] + 1);
    stratum.relative_weight = stratum.weight / strata_.front().weight;
  }
  n_clusters_ = number_of.size();
  for (const int label : {0, 1}) {
    std::vector<double> part(n_clusters_, 0.0);  // Σ_h w_h n_gh/n_h as a multiple of the first w/n
    for (const Stratum& stratum : strata_) {
      const double each = stratum.relative_weight * strata_.front().n[label] / stratum.n[label];
      for (const auto& [cluster, n] : stratum.of[label]) part[cluster] += each * n;
    }
    double all = 0, squares = 0;
    for (const double of_cluster : part) {
      group_[label].n_clusters += of_cluster > 0 ? 1 : 0;
      all += of_cluster;
      squares += of_cluster * of_cluster;
    }
    group_[label].effective = all * all / squares;
  }
}

// Fills the sums of placements of every cluster; returns the area, NaN where a value is no number.
double ClusteredSamples::sum_placements(const Stratum& stratum, const double* column,
                                        Scratch& scratch) const {
  auto& order = scratch.order;
  order.clear();
  for (std::uint32_t m = 0; m < stratum.members.size(); ++m) {
    const double value = column[stratum.members[m].row];
    if (std::isnan(value)) return ClusteredAuc::kNone;
    order.emplace_back(value, m);
  }
  std::sort(order.begin(), order.end());
  const double n1 = stratum.n[1], n0 = stratum.n[0];
  for (std::vector<double>& sums : scratch.sums) sums.assign(n_clusters_, 0.0);
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

ClusteredAuc ClusteredSamples::column_area(const double* column, Scratch& scratch) const {
  ClusteredAuc out;
  double weights = 0, area = 0;
  for (std::vector<double>& shares : scratch.shares) shares.assign(n_clusters_, 0.0);
  for (const Stratum& stratum : strata_) {
    const double of_stratum = sum_placements(stratum, column, scratch);
    if (std::isnan(of_stratum)) return out;
    weights += stratum.weight;
    area += stratum.weight * of_stratum;
    if (!has_ends_) continue;
    for (const int label : {0, 1}) {
      for (const auto& [cluster, n] : stratum.of[label]) {
        const double sum = scratch.sums[label][cluster] - of_stratum * n;
        scratch.shares[label][cluster] += stratum.relative_weight * (sum / (stratum.n[label] - n));
      }
    }
  }
  if (weights == 0) return out;
  out.auc = area / weights;
  if (!has_ends_) return out;
  double squares[2] = {0, 0}, products = 0;
  for (std::size_t g = 0; g < n_clusters_; ++g) {
    for (const int label : {0, 1}) squares[label] += scratch.shares[label][g] * scratch.shares[label][g];
    products += scratch.shares[0][g] * scratch.shares[1][g];
  }
  const auto all = static_cast<double>(n_clusters_);
  double variance = 2 * (all - 1) / all * products, over_df = 0;
  for (const int label : {0, 1}) {
    const auto n = static_cast<double>(group_[label].n_clusters);
    const double of_group = (n - 1) / n * squares[label];
    variance += of_group;
    if (group_[label].effective > 1) over_df += of_group * of_group / (group_[label].effective - 1);
  }
  const double unit = strata_.front().weight * strata_.front().weight;  // of relative weights
  variance = unit * std::max(0.0, variance);
  over_df *= unit * unit;
  const double se = std::sqrt(variance) / weights;
  // At least one degree of freedom: fewer would be of a single cluster that holds nearly all.
  const double df = over_df > 0 ? std::max(1.0, variance * variance / over_df) : kManyDegrees;
  const auto fewest = static_cast<double>(std::min(group_[0].n_clusters, group_[1].n_clusters));
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
