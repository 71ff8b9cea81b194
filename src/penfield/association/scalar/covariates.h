// What every unit's regression shares when it is adjusted: the covariates as orthogonal columns beside the
// intercept, and the model that holds them alone.
//
// All units have the same samples, labels and covariates, so what concerns these alone is done once.
// Orthogonal columns of mean square one leave β as it is and take the covariates' own scales and correlations
// out of the arithmetic.
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
  // More than these are refused: a unit's work grows with their square.
  static constexpr std::size_t kMost = 32;

  // values [n_samples, n_covariates]; names: one a covariate; labels as fit_columns takes them, both groups
  // present.
  // kBadInput names the covariate: a value that is no finite number, a constant one, one that is a linear
  // combination of those before it (to 1e-7, as R's lm says), or one by which, with those before it, the
  // groups are parted, so that nothing is left for a unit to explain.
  [[nodiscard]] static Result<Covariates> prepare(MatrixView<const double> values,
                                                  std::span<const std::string> names,
                                                  std::span<const std::uint8_t> labels);
  // The intercept alone.
  [[nodiscard]] static Covariates none(std::span<const std::uint8_t> labels);

  [[nodiscard]] std::size_t n() const { return null_wrong_.size(); }
  [[nodiscard]] std::size_t n_target() const { return n_target_; }
  // Columns, the intercept among them.
  [[nodiscard]] std::size_t m() const { return m_; }
  // [n, m] row-major, the target group first, otherwise in the order of the samples.
  [[nodiscard]] std::span<const double> columns() const { return columns_; }
  // [m]: each column's largest absolute value; its value where every covariate is zero.
  [[nodiscard]] std::span<const double> largest() const { return largest_; }
  [[nodiscard]] std::span<const double> at_zero() const { return at_zero_; }

  // The model without any unit: coefficients [m + 1], the last zero; log-likelihood; probability given to the
  // wrong answer [n]; R of the information's factors, upper triangle, [m + 1, m + 1] of which the last row
  // and column are zero.
  [[nodiscard]] const std::vector<double>& null_theta() const { return null_theta_; }
  [[nodiscard]] double null_log_likelihood() const { return null_log_likelihood_; }
  [[nodiscard]] std::span<const double> null_wrong() const { return null_wrong_; }
  [[nodiscard]] std::span<const double> null_root() const { return null_root_; }

  // A unit's column z [n], the target group first, beside the shared ones.
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
