// From the scale on which a unit is fitted beside covariates to its own.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "penfield/association/panel/adjusted.h"
#include "penfield/association/scalar/covariates.h"
#include "penfield/association/scalar/fit_table.h"
#include "penfield/numeric/distributions.h"

namespace penfield::association {

// One unit between its column of the design and its own scale.
class UnitScale {
 public:
  UnitScale(const Covariates& covariates, const PanelResiduals& residuals, std::size_t c)
      : per_unit_(residuals.inv_sd[c] / residuals.scale[c]), sd_(1.0 / residuals.inv_sd[c]) {
    at_zero_ = -residuals.centre[c] * residuals.inv_sd[c];
    for (std::size_t j = 0; j < covariates.m(); ++j)
      at_zero_ -= residuals.parts.data()[j * kPanelUnits + c] * covariates.at_zero()[j];
    at_zero_ /= residuals.scale[c];
  }

  [[nodiscard]] double beta(double b) const { return b * per_unit_; }

  // α and β of `theta`.
  void fill(const Covariates& covariates, std::span<const double> theta, UnitFit& out) const {
    const std::size_t m = covariates.m();
    out.beta = beta(theta[m]);
    out.beta_sd = out.beta * sd_;
    if (!covariates.is_finite_at_zero()) return;
    out.alpha = theta[m] * at_zero_;
    for (std::size_t j = 0; j < m; ++j) out.alpha += theta[j] * covariates.at_zero()[j];
  }
  void fill_wald(double b, double spread, UnitFit& out) const {
    out.se = beta(1.0 / std::sqrt(spread));
    out.z = b * std::sqrt(spread);
    out.neglog10_p_wald = numeric::neglog10_p_normal(out.z);
  }

 private:
  double per_unit_, sd_;
  double at_zero_;  // the unit's column where activation and covariates are zero
};

}  // namespace penfield::association
