#include "penfield/association/fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "penfield/association/panel/allocate.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/auc.h"
#include "penfield/association/scalar/covariates.h"
#include "penfield/association/scalar/fit_scalar.h"
#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {
namespace {

// Below this the likelihood ratio of two products has lost digits; it is summed anew in small terms.
constexpr double kSmallChi2 = 1e-4;

template <class T>
struct Scratch {
  AlignedArray<T> panel;   // [n_samples, kPanelUnits]
  AlignedArray<T> sorted;  // as sort_panel and panel_placements need
  std::vector<double> column, z;
  ScalarScratch scalar;
};

template <class T>
void copy_column(PanelView<T> panel, std::size_t c, std::vector<double>& out) {
  out.resize(panel.n());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(panel.data[i * kPanelUnits + c]);
}

// A column whose squares neither overflow nor vanish.
bool is_tame(const ColumnMoments& moments) {
  const double sd = moments.sd();
  return sd > 1e-100 && sd < 1e100;
}

// The likelihood ratio of a small effect.
template <class T>
double small_chi2(PanelView<T> panel, std::size_t c, const ColumnMoments& moments, const LogisticFit& fit,
                  Scratch<T>& scratch) {
  copy_column(panel, c, scratch.z);
  const double sd = moments.sd();
  for (double& value : scratch.z) value = (value - moments.centre) / sd;
  return likelihood_ratio_chi2(scratch.z, panel.n_target, fit.a, fit.b);
}

// One sorted panel: the columns that the kernels can do together, and each of the others by the plain road.
template <class T>
void fit_panel(PanelView<T> panel, std::uint32_t not_finite, std::span<UnitFit> out, Scratch<T>& scratch) {
  const PanelArray<ColumnMoments> moments = panel_moments(panel);
  PanelArray<FitStatus> status;
  std::uint32_t wanted = 0;
  for (std::size_t c = 0; c < out.size(); ++c) {
    status[c] = (not_finite >> c & 1u) != 0 ? FitStatus::kNonFinite
                                            : status_of_ranges(moments[c].target, moments[c].comparison);
    const bool overlap = status[c] == FitStatus::kOk && is_tame(moments[c]);
    wanted |= static_cast<std::uint32_t>(overlap) << c;
  }
  PanelArray<LogisticFit> fits = panel_logistic(panel, moments, wanted);
  PanelArray<Called> called{};
  for (std::size_t c = 0; c < out.size(); ++c) called[c] = called_side(moments[c]);
  const PanelArray<Placements> placements = panel_placements(panel, called, scratch.sorted.get());
  for (std::size_t c = 0; c < out.size(); ++c) {
    if (status[c] == FitStatus::kNonFinite) {
      out[c].status = FitStatus::kNonFinite;
    } else if (status[c] == FitStatus::kConstant) {
      out[c] = constant_fit(moments[c].target.min);
    } else if (!fits[c].converged) {
      copy_column(panel, c, scratch.column);
      out[c] = fit_column_scalar(scratch.column, panel.n_target, scratch.scalar);
    } else {
      if (!(fits[c].chi2 > kSmallChi2)) fits[c].chi2 = small_chi2(panel, c, moments[c], fits[c], scratch);
      fill_moment_statistics(moments[c], out[c]);
      fill_logistic_statistics(fits[c], moments[c], 0.0, status[c], out[c]);
      fill_placement_statistics(placements[c], moments[c], out[c]);
      fill_robust_effect(out[c]);
      note_direction(out[c], out[c].auc - 0.5);
    }
  }
}

template <class T>
void append_any(MatrixView<const T> x, std::span<const std::uint8_t> labels, FitTable& table) {
  PENFIELD_CHECK(x.rows == labels.size());
  const RowsOfGroups groups = rows_of_groups(labels);
  const std::vector<std::size_t>& rows = groups.rows;
  const std::size_t n_target = groups.n_target;
  const std::size_t n_comparison = groups.n_comparison();
  const bool too_few = rows.size() < 4 || n_target < 2 || n_comparison < 2;
  table.n_target = n_target;
  table.n_comparison = n_comparison;
  const std::size_t first_row = table.rows.size();
  table.rows.resize(first_row + x.cols);
  std::vector<Scratch<T>> scratch(static_cast<std::size_t>(n_threads()));
  parallel_for((x.cols + kPanelUnits - 1) / kPanelUnits, [&](std::size_t index, int thread) {
    Scratch<T>& mine = scratch[static_cast<std::size_t>(thread)];
    if (!mine.panel) {
      mine.panel = allocate_panel<T>((rows.size() + 1) * kPanelUnits);
      mine.sorted = allocate_panel<T>(panel_scratch_size(rows.size()));
    }
    const std::size_t first = index * kPanelUnits;
    const std::size_t width = std::min(kPanelUnits, x.cols - first);
    const std::span<UnitFit> out(table.rows.data() + first_row + first, width);
    const PanelView<T> panel{mine.panel.get(), n_target, n_comparison};
    const std::uint32_t not_finite = gather_panel<T>(x.data + first, x.stride, width, rows, panel);
    if (too_few) {
      for (std::size_t c = 0; c < width; ++c)
        out[c].status = (not_finite >> c & 1u) != 0 ? FitStatus::kNonFinite : FitStatus::kTooFew;
      return;
    }
    sort_panel(panel, mine.sorted.get());
    fit_panel(panel, not_finite, out, mine);
  });
}

}  // namespace

FitTable fit_columns(MatrixView<const float> x, std::span<const std::uint8_t> labels) {
  FitTable table;
  append_any(x, labels, table);
  return table;
}
FitTable fit_columns(MatrixView<const double> x, std::span<const std::uint8_t> labels) {
  FitTable table;
  append_any(x, labels, table);
  return table;
}
void append_fits(MatrixView<const float> x, std::span<const std::uint8_t> labels, FitTable& table) {
  append_any(x, labels, table);
}
void append_fits(MatrixView<const double> x, std::span<const std::uint8_t> labels, FitTable& table) {
  append_any(x, labels, table);
}

}  // namespace penfield::association
