// A panel beside shared columns: sixteen units, each freed of what the shared columns say of it, and Newton's
// method for all of them. Unlike panel.h's, these panels keep the order of the samples, as the shared columns
// have one.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <cstdint>

#include "penfield/association/panel/panel.h"
#include "penfield/association/scalar/covariates.h"

namespace penfield::association {

// Panel arrays of doubles, [rows, kPanelUnits], aligned to 64 bytes; made once a thread.
class PanelRows {
 public:
  // At least `rows` rows; their contents mean nothing.
  double* resize(std::size_t rows) {
    if (rows > rows_) {
      data_ = hwy::AllocateAligned<double>(rows * kPanelUnits);
      rows_ = rows;
    }
    return data_.get();
  }
  [[nodiscard]] double* data() { return data_.get(); }
  [[nodiscard]] const double* data() const { return data_.get(); }

 private:
  hwy::AlignedFreeUniquePtr<double[]> data_;
  std::size_t rows_ = 0;
};

// z = (x − centre)·inv_sd; what is left of it beside the shared columns, divided by its own root mean square
// `scale`, is the unit's column of the design: orthogonal to the shared columns, mean square one. β of it is
// β·scale of z.
struct PanelResiduals {
  alignas(64) double centre[kPanelUnits] = {};      // in
  alignas(64) double inv_sd[kPanelUnits] = {};      // in; 0 for a column to be left out
  alignas(64) double scale[kPanelUnits] = {};       // 0: nothing is left
  alignas(64) double largest[kPanelUnits] = {};     // of |column|
  alignas(64) double target_sum[kPanelUnits] = {};  // of the column over the targets
  alignas(64) double score_chi2[kPanelUnits] = {};  // U²/V at the null (Rao 1948), V given the shared columns
  PanelRows column;                                 // [n], the unit's column
  PanelRows parts;                                  // [m], the shared columns' coefficients in z
  PanelRows sums;                                   // scratch
};

// Below this share of z's root mean square, what is left of it counts as rounding: as R's lm.
inline constexpr double kCollinearUnit = 1e-7;

// Fills all of `residuals` but its inputs. The panel's rows are the covariates' rows.
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

// Maximum likelihood of the units beside the shared columns, from `newton.theta`. Units that are not
// converged after some passes, or nearly separated, come back with spread 0 and are for `maximise`.
void panel_newton(const Covariates& covariates, const PanelResiduals& residuals, PanelNewton& newton);

}  // namespace penfield::association
