#include "penfield/association/refine_panel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "penfield/association/scalar/firth.h"
#include "penfield/association/scalar/profile.h"
#include "penfield/association/unit_scale.h"
#include "penfield/base/check.h"
#include "penfield/numeric/constants.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

// Below this the likelihood ratio of two products has lost digits; it is summed anew in small terms.
constexpr double kSmallAdjustedChi2 = 1e-2;
constexpr double kMaxStart = 30.0;  // log-odds at which Newton may begin

FitStatus status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kConverged:
      return FitStatus::kOk;
    case Outcome::kSeparated:
      return FitStatus::kSeparated;
    case Outcome::kQuasiSeparated:
      return FitStatus::kQuasiSeparated;
    case Outcome::kNotConverged:
      return FitStatus::kNotConverged;
  }
  PENFIELD_CHECK(false);
}

// Where Newton begins: discriminant analysis on all columns of the design (Cox & Snell 1989, §4.2), whose
// coefficients are those of the regression of the label, divided by its mean squared residual.
void start_unit(const RefinementRequest& request, const PanelResiduals& residuals, std::size_t c,
                double* theta) {
  const Covariates& covariates = request.covariates;
  const std::size_t m = covariates.m();
  const auto n = static_cast<double>(covariates.n());
  const auto n1 = static_cast<double>(covariates.n_target());
  std::vector<double> slope = request.shared_slope;
  slope.push_back(residuals.target_sum[c] / n);
  double unexplained = n1 / n * (1.0 - n1 / n);
  for (std::size_t j = 1; j <= m; ++j) unexplained -= slope[j] * slope[j];
  unexplained = std::max(unexplained, 1e-3 * n1 / n * (1.0 - n1 / n));
  double reach = 0;
  double middle = 0;  // of the groups' means, along the slope
  for (std::size_t j = 1; j <= m; ++j) {
    const double largest = j < m ? covariates.largest()[j] : residuals.largest[c];
    const double mean_sum = slope[j] * n / n1 * (1.0 - n1 / (n - n1));
    slope[j] /= unexplained;
    reach += std::fabs(slope[j]) * largest;
    middle += 0.5 * mean_sum * slope[j];
  }
  const double shrink = std::min(1.0, kMaxStart / reach);
  theta[0] = std::log(n1 / (n - n1)) - shrink * middle;
  for (std::size_t j = 1; j <= m; ++j) theta[j * kPanelUnits] = shrink * slope[j];
}

void fill_ratio(double chi2, UnitFit& out) {
  out.lrt_chi2 = chi2;
  out.neglog10_p_lrt = numeric::neglog10_p_chi2_1df(chi2);
}

void clear_fit(UnitFit& out) {
  out.alpha = out.beta = out.se = out.z = out.neglog10_p_wald = UnitFit::kNone;
  out.lrt_chi2 = out.neglog10_p_lrt = out.beta_sd = UnitFit::kNone;
}

// A unit of a panel for which Newton has run.
class UnitRefinement {
 public:
  UnitRefinement(const RefinementRequest& request, RefinementScratch& scratch, std::size_t c, UnitFit& out)
      : request_(request),
        covariates_(request.covariates),
        scratch_(scratch),
        c_(c),
        out_(out),
        scale_(request.covariates, scratch.residuals, c) {}

  void run() {
    AdjustedFit fit;
    Penalty penalty = Penalty::kNone;
    if (!request_.is_firth_alone) {
      fit = maximum_likelihood();
      if (request_.is_adjusted) fill_adjusted(fit);
    }
    const bool penalised = request_.firth == Firth::kAlways ||
                           (request_.firth == Firth::kSeparated && is_separated(out_.status));
    const bool keeps_default = !request_.is_adjusted && request_.firth != Firth::kAlways;
    if (is_separated(out_.status) && request_.firth == Firth::kNever) clear_fit(out_);
    if (penalised && out_.status != FitStatus::kNotConverged) {
      penalty = Penalty::kFirth;
      // A second maximum is looked for from the null, so that the nearer one is found as well.
      const bool from_null = fit.outcome != Outcome::kConverged || has_far_sample(design().z);
      FirthFit firth =
          fit_adjusted_firth(design(), from_null ? covariates_.null_theta() : fit.theta, scratch_.adjusted);
      if (!keeps_default) fill_firth(firth);
      fit = std::move(firth.fit);
    }
    if (fit.outcome != Outcome::kConverged) return;
    if (request_.intervals != Intervals::kNone) fill_interval(fit, penalty);
    if (request_.clusters.n() > 0 && out_.status == FitStatus::kOk) fill_cluster(fit);
  }

 private:
  // The unit's own column taken out of the panel, for those that need the plain road.
  const Design& design() {
    if (design_.z.empty()) {
      scratch_.z.resize(covariates_.n());
      for (std::size_t i = 0; i < scratch_.z.size(); ++i)
        scratch_.z[i] = scratch_.residuals.column.data()[i * kPanelUnits + c_];
      design_ = covariates_.design(scratch_.z);
    }
    return design_;
  }

  // From the panel where it converged, else by the plain road. Where the ranges of the groups part, no
  // combination with covariates can do less.
  AdjustedFit maximum_likelihood() {
    AdjustedFit fit;
    if (out_.status == FitStatus::kSeparated ||
        (out_.status == FitStatus::kQuasiSeparated && !request_.is_adjusted)) {
      fit.outcome = out_.status == FitStatus::kSeparated ? Outcome::kSeparated : Outcome::kQuasiSeparated;
      return fit;
    }
    const PanelNewton& newton = scratch_.newton;
    if (!(newton.spread[c_] > 0))
      return maximise(design(), covariates_.null_theta(), Slope::kFree, Penalty::kNone, scratch_.adjusted);
    fit.outcome = Outcome::kConverged;
    fit.spread = newton.spread[c_];
    for (std::size_t j = 0; j <= covariates_.m(); ++j)
      fit.theta.push_back(newton.theta.data()[j * kPanelUnits + c_]);
    fit.objective =
        (std::log(newton.mantissa[c_]) + newton.exponent[c_] * std::numbers::ln2) + newton.gain[c_];
    return fit;
  }

  void fill_adjusted(const AdjustedFit& fit) {
    clear_fit(out_);
    out_.status = status_of(fit.outcome);
    out_.score_chi2 = scratch_.residuals.score_chi2[c_];
    out_.neglog10_p_score = numeric::neglog10_p_chi2_1df(out_.score_chi2);
    if (fit.outcome != Outcome::kConverged) return;
    if (request_.is_limit) set_note(out_.note, FitNote::kLimit, true);
    scale_.fill(covariates_, fit.theta, out_);
    scale_.fill_wald(fit.theta.back(), fit.spread, out_);
    double chi2 = 2.0 * (fit.objective - covariates_.null_log_likelihood());
    if (!(chi2 > kSmallAdjustedChi2) || !std::isfinite(chi2)) {
      chi2 = adjusted_chi2(design(), fit.theta, covariates_.null_theta(), covariates_.null_wrong());
    }
    fill_ratio(chi2, out_);
  }

  void fill_firth(const FirthFit& firth) {
    const bool overlap = out_.status == FitStatus::kOk;
    clear_fit(out_);
    set_note(out_.note, FitNote::kBimodal, firth.is_bimodal);
    set_note(out_.note, FitNote::kLimit, false);
    set_note(out_.note, FitNote::kFirth, overlap);
    if (firth.fit.outcome != Outcome::kConverged) {
      out_.status = FitStatus::kNotConverged;
      return;
    }
    scale_.fill(covariates_, firth.fit.theta, out_);
    if (overlap) scale_.fill_wald(firth.fit.theta.back(), firth.fit.spread, out_);
    fill_ratio(firth.chi2, out_);
  }

  void fill_interval(const AdjustedFit& fit, Penalty penalty) {
    if (request_.intervals == Intervals::kWald) {
      out_.beta_lo = out_.beta - numeric::kNormal975 * out_.se;
      out_.beta_hi = out_.beta + numeric::kNormal975 * out_.se;
      return;
    }
    // Once more by the plain road, so that the likelihoods that are compared are summed alike.
    const AdjustedFit at = maximise(design(), fit.theta, Slope::kFree, penalty, scratch_.adjusted);
    if (at.outcome != Outcome::kConverged) return;
    const Interval interval = profile_interval(design(), at, penalty, scratch_.adjusted);
    out_.beta_lo = scale_.beta(interval.lo);
    out_.beta_hi = scale_.beta(interval.hi);
  }

  void fill_cluster(const AdjustedFit& fit) {
    const ClusterError error = cluster_error(design(), fit.theta, request_.clusters, scratch_.adjusted);
    out_.se_cluster = scale_.beta(error.se);
    out_.z_cluster = out_.beta / out_.se_cluster;
    out_.df_cluster = error.df;
    out_.neglog10_p_cluster = numeric::neglog10_p_student_t(out_.z_cluster, error.df);
  }

  const RefinementRequest& request_;
  const Covariates& covariates_;
  RefinementScratch& scratch_;
  std::size_t c_;
  UnitFit& out_;
  UnitScale scale_;
  Design design_;
};

// Sets the scale of the panel's columns, zero for those that have nothing to fit.
void set_scales(std::span<const UnitFit> units, double target_share, PanelResiduals& residuals) {
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    residuals.centre[c] = residuals.inv_sd[c] = 0;
    if (c >= units.size() || !has_groups_and_spread(units[c].status)) continue;
    const UnitFit& unit = units[c];
    residuals.centre[c] = unit.mean_comparison + target_share * (unit.mean_target - unit.mean_comparison);
    const double inv_sd = 1.0 / unit.sd;
    if (std::isfinite(residuals.centre[c]) && std::isfinite(inv_sd)) residuals.inv_sd[c] = inv_sd;
  }
}

}  // namespace

template <class T>
void refine_panel(PanelView<T> panel, std::span<UnitFit> units, const RefinementRequest& request,
                  RefinementScratch& scratch) {
  const Covariates& covariates = request.covariates;
  const double share = static_cast<double>(panel.n_target) / static_cast<double>(panel.n());
  set_scales(units, share, scratch.residuals);
  panel_residuals(panel, covariates, scratch.residuals);
  double* theta = scratch.newton.theta.resize(covariates.m() + 1);
  std::fill_n(theta, (covariates.m() + 1) * kPanelUnits, 0.0);
  for (std::size_t c = 0; c < kPanelUnits; ++c) {
    const bool wanted = c < units.size() && scratch.residuals.scale[c] > 0 &&
                        !is_separated(units[c].status) && !request.is_firth_alone;
    scratch.newton.open[c] = wanted ? 1.0 : 0.0;
    if (wanted) start_unit(request, scratch.residuals, c, theta + c);
  }
  panel_newton(covariates, scratch.residuals, scratch.newton);
  for (std::size_t c = 0; c < units.size(); ++c) {
    if (!has_groups_and_spread(units[c].status)) continue;
    if (request.is_firth_alone && request.firth != Firth::kAlways && !is_separated(units[c].status)) continue;
    if (scratch.residuals.scale[c] > 0) {
      UnitRefinement(request, scratch, c, units[c]).run();
    } else if (request.is_adjusted && !request.is_firth_alone) {
      clear_fit(units[c]);
      units[c].score_chi2 = units[c].neglog10_p_score = UnitFit::kNone;
      units[c].status = scratch.residuals.inv_sd[c] > 0 ? FitStatus::kConstant : FitStatus::kNotConverged;
      if (scratch.residuals.inv_sd[c] > 0) set_note(units[c].note, FitNote::kCollinear, true);
    }
  }
}

template void refine_panel<float>(PanelView<float>, std::span<UnitFit>, const RefinementRequest&,
                                  RefinementScratch&);
template void refine_panel<double>(PanelView<double>, std::span<UnitFit>, const RefinementRequest&,
                                   RefinementScratch&);

}  // namespace penfield::association
