#include "penfield/association/scalar/fit_scalar.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/scalar/auc.h"
#include "penfield/association/scalar/firth.h"
#include "penfield/association/scalar/moments.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

// A power of two that brings the column near 1 where squares of its range would overflow or vanish; else 1.
double safe_scale(std::span<const double> x) {
  const auto [lo, hi] = std::minmax_element(x.begin(), x.end());
  const double range = std::max(std::max(std::fabs(*lo), std::fabs(*hi)) * 0x1p-60, *hi / 2 - *lo / 2);
  if (range == 0 || (range > 0x1p-400 && range < 0x1p400)) return 1.0;
  return std::ldexp(1.0, std::clamp(-std::ilogb(range), -1000, 1000));
}

LogisticFit fit_standardised(const ColumnMoments& moments, FitStatus status, std::size_t n_target,
                             ScalarScratch& scratch) {
  const double sd = moments.sd();
  const double origin = moments.offset();
  scratch.z.resize(scratch.scaled.size());
  for (std::size_t i = 0; i < scratch.z.size(); ++i)
    scratch.z[i] = ((scratch.scaled[i] - moments.centre) - origin) / sd;
  return status == FitStatus::kOk ? fit_maximum_likelihood(scratch.z, n_target, scratch.logistic)
                                  : fit_firth(scratch.z, n_target, scratch.logistic);
}

// Firth's likelihood of a column in which one sample is far from all others may have a second, higher
// maximum.
void mark_second_maximum(std::size_t n_target, LogisticFit& logistic, UnitFit& fit, ScalarScratch& scratch) {
  const std::vector<double> ones(scratch.z.size(), 1.0);
  const Design design{ones, 1, scratch.z, n_target};
  const FirthFit firth = fit_adjusted_firth(design, {logistic.a, 0.0}, scratch.adjusted);
  if (firth.fit.outcome != Outcome::kConverged || (logistic.converged && !firth.is_bimodal)) return;
  set_note(fit.note, FitNote::kBimodal, firth.is_bimodal);
  logistic = {.a = firth.fit.theta[0],
              .b = firth.fit.theta[1],
              .se_b = 1.0 / std::sqrt(firth.fit.spread),
              .chi2 = firth.chi2,
              .converged = true};
}

void fill_placements(std::span<double> x, const ColumnMoments& moments, UnitFit& fit) {
  const std::size_t n_target = moments.target.n;
  std::sort(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n_target));
  std::sort(x.begin() + static_cast<std::ptrdiff_t>(n_target), x.end());
  const std::size_t n_comparison = x.size() - n_target;
  fill_placement_statistics(
      merge_placements(x.data(), n_target, x.data() + n_target, n_comparison, 1, called_side(moments)),
      moments, fit);
}

// Undoes safe_scale: a column multiplied by `scale` was fitted.
void unscale(double scale, UnitFit& fit) {
  fit.mean_target /= scale;
  fit.mean_comparison /= scale;
  fit.sd /= scale;
  fit.threshold /= scale;
  fit.iqr /= scale;
  fit.beta *= scale;
  fit.se *= scale;
}

}  // namespace

void fill_logistic_statistics(const LogisticFit& logistic, const ColumnMoments& moments, double origin,
                              FitStatus status, UnitFit& fit) {
  const double sd = moments.sd();
  fit.status = logistic.converged ? status : FitStatus::kNotConverged;
  fit.beta_sd = logistic.b;
  fit.beta = logistic.b / sd;
  fit.alpha = logistic.a - fit.beta * (moments.centre + origin);
  fit.lrt_chi2 = logistic.chi2;
  fit.neglog10_p_lrt = numeric::neglog10_p_chi2_1df(logistic.chi2);
  if (status == FitStatus::kOk) {
    fit.se = logistic.se_b / sd;
    fit.z = logistic.b / logistic.se_b;
    fit.neglog10_p_wald = numeric::neglog10_p_normal(fit.z);
  }
}

Called called_side(const ColumnMoments& moments) {
  const double difference = moments.difference();
  return difference > 0 ? Called::kAbove : difference < 0 ? Called::kBelow : Called::kNone;
}

void fill_placement_statistics(const Placements& placements, const ColumnMoments& moments, UnitFit& fit) {
  const AreaUnderCurve area = delong(placements.sums, moments.target.n, moments.comparison.n);
  fit.auc = area.auc;
  fit.auc_lo = area.lo;
  fit.auc_hi = area.hi;
  fit.neglog10_p_rank = neglog10_p_rank(placements, moments.target.n, moments.comparison.n);
  fit.iqr = placements.pooled.upper_quartile - placements.pooled.lower_quartile;
  const Called called = called_side(moments);
  if (called == Called::kNone) return;
  fit.threshold = threshold_of(placements.cut, called);
  fit.youden_j = placements.cut.gain /
                 (static_cast<double>(moments.target.n) * static_cast<double>(moments.comparison.n));
}

void fill_robust_effect(UnitFit& fit) {
  constexpr double kNormalRange = 1.349;  // of a normal distribution, in SDs
  fit.beta_robust_sd = fit.iqr > 0 ? fit.beta * (fit.iqr / kNormalRange) : UnitFit::kNone;
}

void note_direction(UnitFit& fit, double direction) {
  set_note(fit.note, FitNote::kDiscordant, fit.beta * direction < 0);
}

UnitFit constant_fit(double value) {
  UnitFit fit;
  fit.status = FitStatus::kConstant;
  fit.mean_target = fit.mean_comparison = value;
  fit.sd = 0;
  fit.auc = 0.5;
  return fit;
}

UnitFit fit_column_scalar(std::span<const double> x, std::size_t n_target, ScalarScratch& scratch) {
  UnitFit fit;
  if (!std::all_of(x.begin(), x.end(), [](double value) { return std::isfinite(value); })) {
    fit.status = FitStatus::kNonFinite;
    return fit;
  }
  const std::size_t n_comparison = x.size() - n_target;
  if (x.size() < 4 || n_target < 2 || n_comparison < 2) {
    fit.status = FitStatus::kTooFew;
    return fit;
  }
  const double scale = safe_scale(x);
  scratch.scaled.resize(x.size());
  std::transform(x.begin(), x.end(), scratch.scaled.begin(), [scale](double value) { return value * scale; });
  const ColumnMoments moments = column_moments(scratch.scaled, n_target);
  const FitStatus status = status_of_ranges(moments.target, moments.comparison);
  if (status == FitStatus::kConstant) return constant_fit(x[0]);
  fill_moment_statistics(moments, fit);
  LogisticFit logistic = fit_standardised(moments, status, n_target, scratch);
  if (status != FitStatus::kOk && has_far_sample(scratch.z))
    mark_second_maximum(n_target, logistic, fit, scratch);
  fill_logistic_statistics(logistic, moments, moments.offset(), status, fit);
  fill_placements(scratch.scaled, moments, fit);
  unscale(scale, fit);
  fill_robust_effect(fit);
  note_direction(fit, fit.auc - 0.5);
  return fit;
}

}  // namespace penfield::association
