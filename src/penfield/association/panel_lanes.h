// What passes between the two halves of panel_logistic.cc, the one compiled once and the one compiled for
// each set of instructions: an array over the panel's columns for every number of a fit. Scale: standardised,
// z = (x − centre)·inv_sd.
#pragma once

#include "penfield/association/panel.h"

namespace penfield::association {

struct PanelLanes {
  alignas(64) double centre[kPanelUnits], inv_sd[kPanelUnits], z_max[kPanelUnits];
  alignas(64) double open[kPanelUnits];               // 1 where a fit is wanted
  alignas(64) double a[kPanelUnits], b[kPanelUnits];  // start in, maximum out
  alignas(64) double spread[kPanelUnits];  // Σw(z − z̄w)² at the maximum; 0 where it was not reached
  // Likelihood: mantissa·2^exponent·exp(gain); mantissa 0 where it underflowed.
  alignas(64) double mantissa[kPanelUnits], exponent[kPanelUnits], gain[kPanelUnits];
};

}  // namespace penfield::association
