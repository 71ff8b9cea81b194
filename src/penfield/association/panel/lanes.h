// Data passed between the two halves of a kernel, of which one is compiled once and the other for each
// instruction set: for every number an array over the panel's columns.
#pragma once

#include "penfield/association/panel/panel.h"

namespace penfield::association {

// Of panel_logistic.cc. Scale: standardised, z = (x − centre)·inv_sd.
struct PanelLanes {
  alignas(64) double centre[kPanelUnits], inv_sd[kPanelUnits], z_max[kPanelUnits];
  alignas(64) double open[kPanelUnits];               // 1 where a fit is wanted
  alignas(64) double a[kPanelUnits], b[kPanelUnits];  // start in, maximum out
  alignas(64) double spread[kPanelUnits];  // Σw(z − z̄w)² at the maximum; 0 where it was not reached
  // Likelihood: mantissa·2^exponent·exp(gain); mantissa 0 where it underflowed.
  alignas(64) double mantissa[kPanelUnits], exponent[kPanelUnits], gain[kPanelUnits];
};

// Of panel_rough.cc: a line on the scale z = (x − centre)·scale, and the sums of one group over q = σ(−s·η),
// w = q(1−q) and v = w(2q−1), each with powers of z' = s·z.
struct RoughLanes {
  alignas(64) float centre[kPanelUnits], scale[kPanelUnits];
  alignas(64) float a[kPanelUnits], b[kPanelUnits];
};
struct RoughSums {
  double q[kPanelUnits], qz[kPanelUnits];
  double w[kPanelUnits], wz[kPanelUnits], wzz[kPanelUnits];
  double v[kPanelUnits], vz[kPanelUnits], vzz[kPanelUnits], vzzz[kPanelUnits];
};

// Moves the lines (a, b) of the open columns close to their maximum, in single precision. Changes nothing
// else.
template <class T>
void rough_steps(PanelView<T> panel, PanelLanes& fit);

// Of panel_auc.cc.
struct WalkLanes {
  std::size_t n_target, n_comparison;
  alignas(64) double direction[kPanelUnits];  // Called, as a number
  alignas(64) double sum[kPanelUnits], target_squared[kPanelUnits], comparison_squared[kPanelUnits];
  alignas(64) double cut_below[kPanelUnits], cut_above[kPanelUnits], cut_gain[kPanelUnits];
  alignas(64) double ties[kPanelUnits];  // PooledOrder::ties
};

// Of panel_predict.cc.
struct PredictionLanes {
  alignas(64) double alpha[kPanelUnits], beta[kPanelUnits], threshold[kPanelUnits];
  alignas(64) double direction[kPanelUnits];  // Called, as a number
  alignas(64) double squared_error[kPanelUnits], n_called_target[kPanelUnits],
      n_called_comparison[kPanelUnits];
};

}  // namespace penfield::association
