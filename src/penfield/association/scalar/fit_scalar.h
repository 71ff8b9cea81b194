// Every statistic of one column in scalar code: the definition of what the engine computes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "penfield/association/scalar/adjusted_logistic.h"
#include "penfield/association/scalar/auc.h"
#include "penfield/association/scalar/fit_table.h"
#include "penfield/association/scalar/logistic.h"
#include "penfield/association/scalar/moments.h"

namespace penfield::association {

struct ScalarScratch {
  std::vector<double> scaled, z;
  LogisticScratch logistic;
  AdjustedScratch adjusted;
};

// Transforms a fit on the standardised scale z = (x − centre − origin)/sd to the column's own scale and fills
// all columns that depend on it. The Wald columns stay empty unless the groups overlap (`status` kOk).
void fill_logistic_statistics(const LogisticFit& logistic, const ColumnMoments& moments, double origin,
                              FitStatus status, UnitFit& fit);

// The side of a cut that is predicted to be targets: that of the targets' mean, which is the sign of the
// maximum-likelihood β.
[[nodiscard]] Called called_side(const ColumnMoments& moments);

// Fills the area under the curve with its interval, the best cut, the rank test and the interquartile range.
void fill_placement_statistics(const Placements& placements, const ColumnMoments& moments, UnitFit& fit);

// Fills beta_robust_sd from beta and iqr.
void fill_robust_effect(UnitFit& fit);
// Sets the note kDiscordant where β points against `direction`, the sign of which is that of the ranks.
void note_direction(UnitFit& fit, double direction);

// The values of a constant column.
[[nodiscard]] UnitFit constant_fit(double value);

// All columns of UnitFit for one column of activations.
//   x        [n_samples], the target group first; any values
//   n_target number of targets
[[nodiscard]] UnitFit fit_column_scalar(std::span<const double> x, std::size_t n_target,
                                        ScalarScratch& scratch);

}  // namespace penfield::association
