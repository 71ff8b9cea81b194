// What the adjusted regressions of all units share: the intercept and the covariates as orthogonal columns,
// and the fit of the model without any unit.
//
// All units have the same samples, labels and covariates, so work on these is done once. Orthogonal columns
// of mean square one leave β unchanged and remove the covariates' scales and correlations from the
// arithmetic.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "penfield/association/scalar/adjusted_logistic.h"
#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"

namespace penfield::association {

struct CovariateLimit;

class Covariates {
 public:
  // More covariates are refused, because the work for a unit grows with the square of their number.
  static constexpr std::size_t kMost = 32;

  // values [n_samples, n_covariates]; names: one a covariate; labels as for fit_columns, with both groups
  // present. kBadInput names the covariate: it has a value that is not finite, is constant, is a linear
  // combination of the preceding ones (to 1e-7, as in R's lm), or separates all samples of the groups
  // together with them.
  [[nodiscard]] static Result<Covariates> prepare(MatrixView<const double> values,
                                                  std::span<const std::string> names,
                                                  std::span<const std::uint8_t> labels);
  // Set if the covariates alone separate some samples, but not all; then the null_… below are those of
  // Firth's estimate, and score tests must use the limit's.
  [[nodiscard]] const CovariateLimit* limit() const { return limit_.get(); }
  // Of a limit: false if the point where every covariate is zero is itself separated, so that the log-odds
  // there are infinite.
  [[nodiscard]] bool is_finite_at_zero() const { return finite_at_zero_; }
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
  // Of a column that is constant, or a linear combination of those before it.
  enum class Dependent : std::uint8_t { kRefuse, kLeaveOut };

  Covariates() = default;
  Result<void> orthogonalise(MatrixView<const double> values, std::span<const std::string> names,
                             std::span<const std::uint8_t> labels, Dependent dependent);
  struct FirstColumns {
    std::vector<double> shared, no_unit;  // [n, m], [n]
    std::size_t m = 0, n_target = 0;
    [[nodiscard]] Design design() const { return {shared, m, no_unit, n_target}; }
  };
  [[nodiscard]] FirstColumns first_columns(std::size_t n_columns) const;
  [[nodiscard]] AdjustedFit fit_labels(const FirstColumns& columns, AdjustedScratch& scratch) const;
  [[nodiscard]] AdjustedFit fit_null();
  void fit_firth_null();
  Result<void> find_limit(MatrixView<const double> values, std::span<const std::string> names,
                          std::span<const std::uint8_t> labels, AdjustedFit null);
  [[nodiscard]] tl::unexpected<Error> explain(std::span<const std::string> names) const;

  std::size_t m_ = 1, n_target_ = 0;
  bool finite_at_zero_ = true;
  std::shared_ptr<const CovariateLimit> limit_;
  std::vector<double> columns_, largest_, at_zero_, null_theta_, null_wrong_, null_root_;
  double null_log_likelihood_ = 0;
};

// Quasi-complete separation by the covariates alone: along the direction that separates some samples, the
// likelihood of every unit grows up to a limit, in which those samples have their own label for certain. It
// is the likelihood of the other samples (Albert & Anderson 1984, Biometrika 71:1), which lie on the plane of
// separation: there the covariates that differ between the separated samples and the rest are combinations of
// the others, and are left out.
struct CovariateLimit {
  std::vector<std::uint8_t> labels;  // as given, kLeftOut for the separated samples
  Covariates covariates;             // of the other samples; its null has a maximum
};

}  // namespace penfield::association
