#include "penfield/association/scalar/moments.h"

#include <algorithm>
#include <cmath>

#include "penfield/numeric/constants.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

// One sample with more than this share of a column's sum of squares carries the fit by itself.
constexpr double kOutlierShare = 0.25;

GroupMoments group_moments(std::span<const double> x, double centre) {
  GroupMoments group;
  group.n = x.size();
  group.min = group.max = x[0];
  double sum = 0;
  for (const double value : x) {
    sum += value - centre;
    group.min = std::min(group.min, value);
    group.max = std::max(group.max, value);
  }
  group.offset = sum / static_cast<double>(group.n);
  for (const double value : x) {
    const double deviation = (value - centre) - group.offset;
    group.ss += deviation * deviation;
  }
  settle_constant_group(centre, group);
  return group;
}

// centre + offset, which may be rounded across the ends of the values.
double mean_of(const GroupMoments& group, double centre) {
  return std::clamp(centre + group.offset, group.min, group.max);
}

}  // namespace

void settle_constant_group(double centre, GroupMoments& group) {
  if (group.min != group.max) return;
  group.offset = group.min - centre;
  group.ss = 0;
}

double ColumnMoments::offset() const {
  const auto n1 = static_cast<double>(target.n);
  const auto n0 = static_cast<double>(comparison.n);
  return (n1 * target.offset + n0 * comparison.offset) / (n1 + n0);
}

double ColumnMoments::ss() const {
  const auto n1 = static_cast<double>(target.n);
  const auto n0 = static_cast<double>(comparison.n);
  return target.ss + comparison.ss + n1 * n0 / (n1 + n0) * difference() * difference();
}

double ColumnMoments::farthest() const {
  const double mean = centre + offset();
  return std::max(std::max(target.max, comparison.max) - mean, mean - std::min(target.min, comparison.min));
}

double ColumnMoments::sd() const {
  return std::sqrt(ss() / (n() - 1.0));
}

ColumnMoments column_moments(std::span<const double> x, std::size_t n_target) {
  double sum = 0;
  for (const double value : x) sum += value;
  ColumnMoments moments;
  moments.centre = sum / static_cast<double>(x.size());
  moments.target = group_moments(x.first(n_target), moments.centre);
  moments.comparison = group_moments(x.subspan(n_target), moments.centre);
  return moments;
}

FitStatus status_of_ranges(const GroupMoments& target, const GroupMoments& comparison) {
  const bool constant = std::min(target.min, comparison.min) == std::max(target.max, comparison.max);
  if (constant) return FitStatus::kConstant;
  if (target.min > comparison.max || target.max < comparison.min) return FitStatus::kSeparated;
  if (target.min == comparison.max || target.max == comparison.min) return FitStatus::kQuasiSeparated;
  return FitStatus::kOk;
}

void fill_moment_statistics(const ColumnMoments& moments, UnitFit& fit) {
  const auto n1 = static_cast<double>(moments.target.n);
  const auto n0 = static_cast<double>(moments.comparison.n);
  const double difference = moments.difference();
  fit.mean_target = mean_of(moments.target, moments.centre);
  fit.mean_comparison = mean_of(moments.comparison, moments.centre);
  fit.sd = moments.sd();

  const double ss = moments.ss();
  if (ss > 0) {
    set_note(fit.note, FitNote::kOutlier, moments.farthest() * moments.farthest() > kOutlierShare * ss);
    fit.score_chi2 = n1 * n0 * (difference / ss) * difference;
    fit.neglog10_p_score = numeric::neglog10_p_chi2_1df(fit.score_chi2);
  }
  const double pooled_variance = (moments.target.ss + moments.comparison.ss) / (n1 + n0 - 2.0);
  if (pooled_variance > 0) {
    const double d = difference / std::sqrt(pooled_variance);
    const double half = numeric::kNormal975 * std::sqrt((n1 + n0) / (n1 * n0) + d * d / (2.0 * (n1 + n0)));
    fit.cohen_d = d;
    fit.cohen_d_lo = d - half;
    fit.cohen_d_hi = d + half;
  }
  const double v1 = moments.target.ss / ((n1 - 1.0) * n1);
  const double v0 = moments.comparison.ss / ((n0 - 1.0) * n0);
  const double v = v1 + v0;
  if (v > 0) {
    const double f1 = v1 / v;
    const double f0 = v0 / v;
    fit.t_welch = difference / std::sqrt(v);
    fit.df_welch = 1.0 / (f1 * f1 / (n1 - 1.0) + f0 * f0 / (n0 - 1.0));
    fit.neglog10_p_welch = numeric::neglog10_p_student_t(fit.t_welch, fit.df_welch);
  }
}

}  // namespace penfield::association
