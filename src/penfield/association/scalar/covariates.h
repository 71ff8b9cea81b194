// What the adjusted regressions of all units share: the intercept and the covariates as orthogonal columns,
// and the fit of the model without any unit.
//
// All units have the same samples, labels and covariates, so work on these is done once. Orthogonal columns
// of mean square one leave β unchanged and remove the covariates' scales and correlations from the
// arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "penfield/association/scalar/adjusted_logistic.h"
#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"

namespace penfield::association {

class Covariates {
 public:
  // More covariates are refused, because the work for a unit grows with the square of their number.
  static constexpr std::size_t kMost = 32;

  // values [n_samples, n_covariates]; names: one a covariate; labels as for
  // fit_columns, with both groups present. kBadInput names the covariate: it has a
  // value that is not finite, is constant, is a linear combination of the
  // preceding ones (to 1e-7, as in R's lm), or separates the groups together with
  // them.
  [[nodiscard]] static Result<Covariates> prepare(MatrixView<const double> values,
                                                  std::span<const std::string> names,
                                                  std::span<const std::uint8_t> labels);
  // Only the intercept.
  [[nodiscard]] static Covariates none(std::span<const std::uint8_t> labels);

  [[nodiscard]] std::size_t n() const { return null_wrong_.size(); }
  [[nodiscard]] std::size_t n_target() const { return n_target_; }
  // Number of columns, including the intercept.
  [[nodiscard]] std::size_t m() const { return m_; }
  // [n, m] row-major, the target group first, otherwise in the order of the samples.
  [[nodiscard]] std::span<const double> columns() const { return columns_; }
  // [m]: each column's largest absolute value, and its value where every covariate is zero.
  [[nodiscard]] std::span<const double> largest() const { return largest_; }
  [[nodiscard]] std::span<const double> at_zero() const { return at_zero_; }

  // The model without any unit: coefficients [m + 1], the last zero; log-likelihood; probability given to the
  // wrong label [n]; R with R'R the information, upper triangle [m + 1, m + 1], whose last row and column are
  // zero.
  [[nodiscard]] const std::vector<double>& null_theta() const { return null_theta_; }
  [[nodiscard]] double null_log_likelihood() const { return null_log_likelihood_; }
  [[nodiscard]] std::span<const double> null_wrong() const { return null_wrong_; }
  [[nodiscard]] std::span<const double> null_root() const { return null_root_; }

  // The design of a unit's column z [n], the target group first, with the shared columns.
  [[nodiscard]] Design design(std::span<const double> z) const { return {columns_, m_, z, n_target_}; }

 private:
  Covariates() = default;
  Result<void> orthogonalise(MatrixView<const double> values, std::span<const std::string> names,
                             std::span<const std::uint8_t> labels);
  [[nodiscard]] AdjustedFit fit_first(std::size_t n_columns, AdjustedScratch& scratch) const;
  Result<void> fit_null(std::span<const std::string> names);

  std::size_t m_ = 1, n_target_ = 0;
  std::vector<double> columns_, largest_, at_zero_, null_theta_, null_wrong_, null_root_;
  double null_log_likelihood_ = 0;
};

}  // namespace penfield::association
