// One panel of units fitted with options: Newton for all its units together, and for single units the scalar
// fallback of adjusted_logistic.h: separation, Firth, profiles, clusters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/panel/adjusted.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/cluster_error.h"
#include "penfield/association/scalar/covariates.h"
#include "penfield/association/scalar/fit_table.h"

namespace penfield::association {

// One fit_columns: what is the same for all units.
struct RefinementRequest {
  const Covariates& covariates;
  bool is_adjusted = false;  // there are covariates
  bool is_limit = false;     // those of a limit
  // Maximum likelihood has been fitted, on the samples of a limit: Firth's estimate alone, where it is
  // wanted.
  bool is_firth_alone = false;
  Firth firth = Firth::kSeparated;
  Intervals intervals = Intervals::kNone;
  ClusterRows clusters = {};         // none: no errors robust to them
  std::vector<double> shared_slope;  // [m], of the label on each shared column
};

struct RefinementScratch {
  PanelResiduals residuals;
  PanelNewton newton;
  std::vector<double> z;
  AdjustedScratch adjusted;
};

[[nodiscard]] inline bool is_separated(FitStatus status) {
  return status == FitStatus::kSeparated || status == FitStatus::kQuasiSeparated;
}
[[nodiscard]] inline bool has_groups_and_spread(FitStatus status) {
  return status == FitStatus::kOk || status == FitStatus::kNotConverged || is_separated(status);
}

// panel: the samples in the order of the covariates. units: up to kPanelUnits of them, as fit_columns without
// options gives them; replaced by what is asked for.
template <class T>
void refine_panel(PanelView<T> panel, std::span<UnitFit> units, const RefinementRequest& request,
                  RefinementScratch& scratch);

}  // namespace penfield::association
