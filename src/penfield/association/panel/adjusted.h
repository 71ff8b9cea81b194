// A panel with shared columns: sixteen units, each projected off the shared columns, and Newton's method for
// all of them. Unlike the panels of panel.h, these keep the order of the samples, because the shared columns
// have one.
#pragma once

#include <cstddef>
#include <cstdint>

#include "penfield/association/panel/allocate.h"
#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/covariates.h"

namespace penfield::association {

// Panel arrays of doubles, [rows, kPanelUnits], aligned to 64 bytes; allocated once for each thread.
class PanelRows {
 public:
  // At least `rows` rows, uninitialised.
  double* resize(std::size_t rows) {
    if (rows > rows_) {
      data_ = allocate_panel<double>(rows * kPanelUnits);
      rows_ = rows;
    }
    return data_.get();
  }
  [[nodiscard]] double* data() { return data_.get(); }
  [[nodiscard]] const double* data() const { return data_.get(); }

 private:
  AlignedArray<double> data_;
  std::size_t rows_ = 0;
};

// z = (x − centre)·inv_sd. The residual of z after projecting off the shared columns, divided by its root
// mean square `scale`, is the unit's column of the design: orthogonal to the shared columns, with mean square
// one. Its β is β·scale of z.
struct PanelResiduals {
  alignas(64) double centre[kPanelUnits] = {};      // in
  alignas(64) double inv_sd[kPanelUnits] = {};      // in; 0: ignore the column
  alignas(64) double scale[kPanelUnits] = {};       // 0: the residual is zero
  alignas(64) double largest[kPanelUnits] = {};     // of |column|
  alignas(64) double target_sum[kPanelUnits] = {};  // of the column over the targets
  alignas(64) double score_chi2[kPanelUnits] = {};  // U²/V at the null (Rao 1948), V given the shared columns
  PanelRows column;                                 // [n], the unit's column
  PanelRows parts;                                  // [m], the shared columns' coefficients in z
  PanelRows sums;                                   // scratch
};

// A residual below this share of z's root mean square counts as rounding, as in R's lm.
inline constexpr double kCollinearUnit = 1e-7;

// Fills all of `residuals` except its inputs. The panel's rows are those of the covariates.
template <class T>
void panel_residuals(PanelView<T> panel, const Covariates& covariates, PanelResiduals& residuals);

struct PanelNewton {
  alignas(64) double open[kPanelUnits] = {};    // in: 1 where a fit is wanted
  alignas(64) double spread[kPanelUnits] = {};  // information about the unit given the rest; 0: not converged
  alignas(64) double mantissa[kPanelUnits] = {}, exponent[kPanelUnits] = {},
                     gain[kPanelUnits] = {};  // as in PanelLanes
  PanelRows theta;                            // [m + 1], the unit's last: start in, maximum out
  PanelRows sums;                             // scratch
};

// Maximum likelihood of the units given the shared columns, from `newton.theta`. Units that have not
// converged after some passes, or are nearly separated, are returned with spread 0; `maximise` fits them.
void panel_newton(const Covariates& covariates, const PanelResiduals& residuals, PanelNewton& newton);

}  // namespace penfield::association
