// fit_columns with options: what the fast road gives, and over it, panel by panel, what was asked for
// besides.
//
// Statuses, moments, AUC and the unadjusted fit come from the fast road. A second pass over the matrix takes
// each panel in the order of the samples beside the shared columns: Newton for all its units together, and
// for single units the plain road of adjusted_logistic.h: separation, Firth, profiles, clusters.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "penfield/association/fit.h"
#include "penfield/association/panel/adjusted.h"
#include "penfield/association/panel/allocate.h"
#include "penfield/association/scalar/firth.h"
#include "penfield/association/scalar/profile.h"
#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/association/unit_scale.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/constants.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

// Below this the likelihood ratio of two products has lost digits; it is summed anew in small terms.
constexpr double kSmallAdjustedChi2 = 1e-2;
constexpr double kMaxStart = 30.0;  // log-odds at which Newton may begin

// One fit_columns: what is the same for all units.
struct Request {
  const Covariates& covariates;
  bool is_adjusted = false;  // there are covariates
  bool is_limit = false;     // those of a limit
  // Maximum likelihood has been fitted, on the samples of a limit: Firth's estimate alone, where it is
  // wanted.
  bool is_firth_alone = false;
  Firth firth = Firth::kSeparated;
  Intervals intervals = Intervals::kNone;
  std::vector<std::uint32_t> clusters = {};  // in the order of the rows
  std::size_t n_clusters = 0;
  std::vector<double> shared_slope;  // [m], of the label on each shared column
};

template <class T>
struct AdjustedPanelScratch {
  AlignedArray<T> panel;  // [n_samples, kPanelUnits]
  PanelResiduals residuals;
  PanelNewton newton;
  std::vector<double> z;
  AdjustedScratch adjusted;
};

bool is_separated(FitStatus status) {
  return status == FitStatus::kSeparated || status == FitStatus::kQuasiSeparated;
}

bool has_groups_and_spread(FitStatus status) {
  return status == FitStatus::kOk || status == FitStatus::kNotConverged || is_separated(status);
}

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
void start_unit(const Request& request, const PanelResiduals& residuals, std::size_t c, double* theta) {
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
template <class T>
class UnitRefinement {
 public:
  UnitRefinement(const Request& request, AdjustedPanelScratch<T>& scratch, std::size_t c, UnitFit& out)
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
    if (request_.n_clusters > 0 && out_.status == FitStatus::kOk) fill_cluster(fit);
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
    if (request_.is_limit) out_.note = FitNote::kLimit;
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
    out_.note = firth.is_bimodal ? FitNote::kBimodal : FitNote::kNone;
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
    out_.se_cluster = scale_.beta(cluster_standard_error(design(), fit.theta, request_.clusters,
                                                         request_.n_clusters, scratch_.adjusted));
    out_.z_cluster = out_.beta / out_.se_cluster;
    out_.neglog10_p_cluster = numeric::neglog10_p_normal(out_.z_cluster);
  }

  const Request& request_;
  const Covariates& covariates_;
  AdjustedPanelScratch<T>& scratch_;
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

template <class T>
void refine_panel(PanelView<T> panel, std::span<UnitFit> units, const Request& request,
                  AdjustedPanelScratch<T>& scratch) {
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
      UnitRefinement<T>(request, scratch, c, units[c]).run();
    } else if (request.is_adjusted && !request.is_firth_alone) {
      clear_fit(units[c]);
      units[c].score_chi2 = units[c].neglog10_p_score = UnitFit::kNone;
      units[c].status = scratch.residuals.inv_sd[c] > 0 ? FitStatus::kConstant : FitStatus::kNotConverged;
      if (scratch.residuals.inv_sd[c] > 0) units[c].note = FitNote::kCollinear;
    }
  }
}

template <class T>
void refine(MatrixView<const T> x, std::span<const std::uint8_t> labels, const Request& request,
            FitTable& table) {
  const RowsOfGroups groups = rows_of_groups(labels);
  const std::vector<std::size_t>& rows = groups.rows;
  std::vector<AdjustedPanelScratch<T>> scratch(static_cast<std::size_t>(n_threads()));
  parallel_for((x.cols + kPanelUnits - 1) / kPanelUnits, [&](std::size_t index, int thread) {
    AdjustedPanelScratch<T>& mine = scratch[static_cast<std::size_t>(thread)];
    if (!mine.panel) mine.panel = allocate_panel<T>(rows.size() * kPanelUnits);
    const std::size_t first = index * kPanelUnits;
    const std::size_t width = std::min(kPanelUnits, x.cols - first);
    const PanelView<T> panel{mine.panel.get(), groups.n_target, groups.n_comparison()};
    static_cast<void>(gather_panel<T>(x.data + first, x.stride, width, rows, panel));
    refine_panel(panel, std::span(table.rows).subspan(first, width), request, mine);
  });
}

// The clusters of the rows, numbered anew where some have no row; fewer than two: none.
void set_clusters(std::span<const std::uint8_t> labels, const FitOptions& options, Request& request) {
  if (options.clusters.empty()) return;
  std::vector<bool> has_row(options.n_clusters, false);
  for (const std::size_t row : rows_of_groups(labels).rows) {
    PENFIELD_CHECK(options.clusters[row] < options.n_clusters);
    has_row[options.clusters[row]] = true;
  }
  std::vector<std::uint32_t> number(options.n_clusters);
  for (std::size_t c = 0; c < number.size(); ++c) {
    number[c] = static_cast<std::uint32_t>(request.n_clusters);
    request.n_clusters += has_row[c] ? 1 : 0;
  }
  for (const std::size_t row : rows_of_groups(labels).rows)
    request.clusters.push_back(number[options.clusters[row]]);
  if (request.n_clusters < 2) request.n_clusters = 0;
}

Request request_of(const Covariates& covariates, std::span<const std::uint8_t> labels,
                   const FitOptions& options) {
  Request request{.covariates = covariates,
                  .is_adjusted = options.covariates != nullptr && options.covariates->m() > 1,
                  .firth = options.firth,
                  .intervals = options.intervals,
                  .clusters = {},
                  .shared_slope = std::vector<double>(covariates.m(), 0.0)};
  set_clusters(labels, options, request);
  const std::size_t m = covariates.m();
  for (std::size_t i = 0; i < covariates.n_target() * m; ++i)
    request.shared_slope[i % m] += covariates.columns()[i] / static_cast<double>(covariates.n());
  return request;
}

// Maximum likelihood on the samples that the covariates do not separate, Firth's estimate on all.
template <class T>
void refine_limit(MatrixView<const T> x, std::span<const std::uint8_t> labels, const FitOptions& options,
                  FitTable& table) {
  const CovariateLimit& limit = *options.covariates->limit();
  Request of_limit = request_of(limit.covariates, limit.labels, options);
  of_limit.is_limit = true;
  of_limit.firth = Firth::kNever;
  if (options.firth == Firth::kAlways) of_limit.intervals = Intervals::kNone;
  refine(x, limit.labels, of_limit, table);
  if (options.firth == Firth::kNever) return;
  Request of_all = request_of(*options.covariates, labels, options);
  of_all.is_firth_alone = true;
  refine(x, labels, of_all, table);
}

template <class T>
FitTable fit_any(MatrixView<const T> x, std::span<const std::uint8_t> labels, const FitOptions& options) {
  FitTable table = fit_columns(x, labels);
  if (options.is_plain() || table.n_target < 2 || table.n_comparison < 2) return table;
  PENFIELD_CHECK(options.clusters.empty()
                     ? options.n_clusters == 0
                     : options.n_clusters >= 2 && options.clusters.size() == labels.size());
  if (options.covariates == nullptr || options.covariates->m() == 1) {
    const Covariates none = Covariates::none(labels);
    refine(x, labels, request_of(none, labels, options), table);
    return table;
  }
  PENFIELD_CHECK(options.covariates->n() == table.n_target + table.n_comparison &&
                 options.covariates->n_target() == table.n_target);
  if (options.covariates->limit() != nullptr) {
    refine_limit(x, labels, options, table);
  } else {
    refine(x, labels, request_of(*options.covariates, labels, options), table);
  }
  return table;
}

}  // namespace

FitTable fit_columns(MatrixView<const float> x, std::span<const std::uint8_t> labels,
                     const FitOptions& options) {
  return fit_any(x, labels, options);
}
FitTable fit_columns(MatrixView<const double> x, std::span<const std::uint8_t> labels,
                     const FitOptions& options) {
  return fit_any(x, labels, options);
}

}  // namespace penfield::association
