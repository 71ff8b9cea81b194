// fit_columns with options: what the fast path gives, and over it, panel by panel, what the options ask for.
//
// Statuses, moments, AUC and the unadjusted fit come from the fast path. A second pass over the matrix takes
// each panel in the order of the samples beside the shared columns (refine_panel.h).
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "penfield/association/fit.h"
#include "penfield/association/panel/allocate.h"
#include "penfield/association/refine_panel.h"
#include "penfield/association/scalar/fit_scalar.h"
#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/association/scalar/sample_order.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"

namespace penfield::association {
namespace {

// Of one thread.
template <class T>
struct AdjustedPanelScratch {
  AlignedArray<T> panel;        // [n_samples, kPanelUnits]
  AlignedArray<double> scores;  // the same of normal scores
  SampleOrder<T> order;
  RefinementScratch of_units;
};

// Fills the panel's normal scores, and what refine_panel takes of each as of a unit.
template <class T>
std::array<UnitFit, kPanelUnits> fill_scores(PanelView<T> panel, std::span<const UnitFit> units,
                                             const NormalScores& scores, AdjustedPanelScratch<T>& scratch) {
  std::array<UnitFit, kPanelUnits> out;
  const std::size_t n = panel.n();
  if (!scratch.scores) scratch.scores = allocate_panel<double>(n * kPanelUnits);
  std::fill_n(scratch.scores.get(), n * kPanelUnits, 0.0);
  for (std::size_t c = 0; c < units.size(); ++c) {
    out[c].status = units[c].status;
    if (!has_groups_and_spread(units[c].status)) continue;
    double* column = scratch.scores.get() + c;
    scores.fill(scratch.order.sort(panel.data + c, n, kPanelUnits), panel.data + c, kPanelUnits, column);
    double sum[2] = {0, 0};
    double squares = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double score = column[i * kPanelUnits];
      sum[i < panel.n_target ? 1 : 0] += score;
      squares += score * score;
    }
    const double mean = (sum[0] + sum[1]) / static_cast<double>(n);
    out[c].mean_target = sum[1] / static_cast<double>(panel.n_target);
    out[c].mean_comparison = sum[0] / static_cast<double>(panel.n_comparison);
    out[c].sd = std::sqrt((squares - static_cast<double>(n) * mean * mean) / static_cast<double>(n - 1));
  }
  return out;
}

// The rank test beside covariates: the likelihood ratio of the normal scores in place of the activations (van
// der Waerden 1952; Conover & Iman 1981, Am. Stat. 35:124, on ranks in regressions). Where the likelihood of
// a unit is a limit, Firth's pass over all samples, `request`.is_firth_alone, gives the ratio of the scores
// that have none yet.
template <class T>
void test_ranks(PanelView<T> panel, std::span<UnitFit> units, std::span<const UnitFit> before,
                const RefinementRequest& request, const NormalScores& scores,
                AdjustedPanelScratch<T>& scratch) {
  std::array<UnitFit, kPanelUnits> ranked = fill_scores(panel, before, scores, scratch);
  const std::span<UnitFit> of_units(ranked.data(), units.size());
  for (std::size_t c = 0; c < units.size() && request.is_firth_alone; ++c) {
    if (has_groups_and_spread(ranked[c].status))
      ranked[c].status = std::isnan(units[c].neglog10_p_rank) ? FitStatus::kSeparated : FitStatus::kConstant;
  }
  RefinementRequest plain = request;
  plain.intervals = Intervals::kNone;
  plain.clusters = {};
  plain.firth = request.firth == Firth::kNever ? Firth::kNever : Firth::kSeparated;
  refine_panel(PanelView<double>{scratch.scores.get(), panel.n_target, panel.n_comparison}, of_units, plain,
               scratch.of_units);
  for (std::size_t c = 0; c < units.size(); ++c) {
    if (request.is_firth_alone && ranked[c].status == FitStatus::kConstant) continue;
    // Of a collinear unit nothing is left to test, though of its scores there may be.
    const bool has_fit = has_groups_and_spread(units[c].status);
    units[c].neglog10_p_rank = has_fit ? ranked[c].neglog10_p_lrt : UnitFit::kNone;
    note_direction(units[c], ranked[c].beta);
  }
}

template <class T>
void refine(MatrixView<const T> x, std::span<const std::uint8_t> labels, const RefinementRequest& request,
            std::span<UnitFit> fits) {
  const RowsOfGroups groups = rows_of_groups(labels);
  const std::vector<std::size_t>& rows = groups.rows;
  std::vector<AdjustedPanelScratch<T>> scratch(static_cast<std::size_t>(n_threads()));
  std::optional<NormalScores> scores;
  if (request.is_adjusted) scores.emplace(rows.size());
  parallel_for((x.cols + kPanelUnits - 1) / kPanelUnits, [&](std::size_t index, int thread) {
    AdjustedPanelScratch<T>& mine = scratch[static_cast<std::size_t>(thread)];
    if (!mine.panel) mine.panel = allocate_panel<T>(rows.size() * kPanelUnits);
    const std::size_t first = index * kPanelUnits;
    const std::size_t width = std::min(kPanelUnits, x.cols - first);
    const PanelView<T> panel{mine.panel.get(), groups.n_target, groups.n_comparison()};
    static_cast<void>(gather_panel<T>(x.data + first, x.stride, width, rows, panel));
    const std::span<UnitFit> units = fits.subspan(first, width);
    const std::vector<UnitFit> before(units.begin(), units.end());
    refine_panel(panel, units, request, mine.of_units);
    for (UnitFit& unit : units) fill_robust_effect(unit);
    if (request.is_adjusted) {
      test_ranks(panel, units, before, request, *scores, mine);
    } else {
      for (UnitFit& unit : units) note_direction(unit, unit.auc - 0.5);
    }
  });
}

// The clusters of the rows; fewer than two: none.
ClusterRows clusters_of(std::span<const std::uint8_t> labels, const FitOptions& options) {
  if (options.clusters.empty()) return {};
  const RowsOfGroups groups = rows_of_groups(labels);
  std::vector<std::uint32_t> of_rows;
  for (const std::size_t row : groups.rows) of_rows.push_back(options.clusters[row]);
  ClusterRows out = ClusterRows::of(of_rows, groups.n_target);
  return out.n() < 2 ? ClusterRows{} : out;
}

RefinementRequest request_of(const Covariates& covariates, std::span<const std::uint8_t> labels,
                             const FitOptions& options) {
  RefinementRequest request{.covariates = covariates,
                            .is_adjusted = options.covariates != nullptr && options.covariates->m() > 1,
                            .firth = options.firth,
                            .intervals = options.intervals,
                            .clusters = clusters_of(labels, options),
                            .shared_slope = std::vector<double>(covariates.m(), 0.0)};
  const std::size_t m = covariates.m();
  for (std::size_t i = 0; i < covariates.n_target() * m; ++i)
    request.shared_slope[i % m] += covariates.columns()[i] / static_cast<double>(covariates.n());
  return request;
}

// Maximum likelihood on the samples that the covariates do not separate, Firth's estimate on all.
template <class T>
void refine_limit(MatrixView<const T> x, std::span<const std::uint8_t> labels, const FitOptions& options,
                  std::span<UnitFit> fits) {
  const CovariateLimit& limit = *options.covariates->limit();
  RefinementRequest of_limit = request_of(limit.covariates, limit.labels, options);
  of_limit.is_limit = true;
  of_limit.firth = Firth::kNever;
  if (options.firth == Firth::kAlways) of_limit.intervals = Intervals::kNone;
  refine(x, limit.labels, of_limit, fits);
  if (options.firth == Firth::kNever) return;
  RefinementRequest of_all = request_of(*options.covariates, labels, options);
  of_all.is_firth_alone = true;
  refine(x, labels, of_all, fits);
}

template <class T>
void append_any(MatrixView<const T> x, std::span<const std::uint8_t> labels, FitOptions options,
                FitTable& table) {
  options.firth = resolve_firth(options.firth, labels);
  const std::size_t first_row = table.rows.size();
  append_fits(x, labels, table);
  const std::span<UnitFit> fits = std::span(table.rows).subspan(first_row);
  if (options.is_plain() || table.n_target < 2 || table.n_comparison < 2) return;
  PENFIELD_CHECK(options.clusters.empty()
                     ? options.n_clusters == 0
                     : options.n_clusters >= 2 && options.clusters.size() == labels.size());
  if (options.covariates == nullptr || options.covariates->m() == 1) {
    const Covariates none = Covariates::none(labels);
    return refine(x, labels, request_of(none, labels, options), fits);
  }
  PENFIELD_CHECK(options.covariates->n() == table.n_target + table.n_comparison &&
                 options.covariates->n_target() == table.n_target);
  if (options.covariates->limit() != nullptr) {
    refine_limit(x, labels, options, fits);
  } else {
    refine(x, labels, request_of(*options.covariates, labels, options), fits);
  }
}

}  // namespace

Firth resolve_firth(Firth firth, std::span<const std::uint8_t> labels) {
  if (firth != Firth::kAuto) return firth;
  const auto n_target = static_cast<std::uint64_t>(std::ranges::count(labels, std::uint8_t{1}));
  const auto n_comparison = static_cast<std::uint64_t>(std::ranges::count(labels, std::uint8_t{0}));
  return std::min(n_target, n_comparison) < kSmallGroup ? Firth::kAlways : Firth::kSeparated;
}

FitTable fit_columns(MatrixView<const float> x, std::span<const std::uint8_t> labels,
                     const FitOptions& options) {
  FitTable table;
  append_any(x, labels, options, table);
  return table;
}
FitTable fit_columns(MatrixView<const double> x, std::span<const std::uint8_t> labels,
                     const FitOptions& options) {
  FitTable table;
  append_any(x, labels, options, table);
  return table;
}
void append_fits(MatrixView<const float> x, std::span<const std::uint8_t> labels, const FitOptions& options,
                 FitTable& table) {
  append_any(x, labels, options, table);
}
void append_fits(MatrixView<const double> x, std::span<const std::uint8_t> labels, const FitOptions& options,
                 FitTable& table) {
  append_any(x, labels, options, table);
}

}  // namespace penfield::association
