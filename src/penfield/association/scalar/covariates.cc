#include "penfield/association/scalar/covariates.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/base/check.h"

namespace penfield::association {
namespace {

constexpr double kCollinear = 1e-7;  // of the column's own spread, as in R's lm

double root_mean_square(std::span<const double> column) {
  double ss = 0;
  for (const double value : column) ss += value * value;
  return std::sqrt(ss / static_cast<double>(column.size()));
}

// A power of two that brings the largest value near 1, so that no square overflows or vanishes.
double near_one(std::span<const double> column) {
  double largest = 0;
  for (const double value : column) largest = std::max(largest, std::fabs(value));
  return largest > 0 ? std::ldexp(1.0, std::clamp(-std::ilogb(largest), -1000, 1000)) : 1.0;
}

// Takes the parts along the `before` orthogonal columns from `column`, and returns them.
std::vector<double> take_parts(const std::vector<std::vector<double>>& before, std::vector<double>& column) {
  std::vector<double> parts;
  for (const std::vector<double>& q : before) {
    double dot = 0;
    for (std::size_t i = 0; i < column.size(); ++i) dot += q[i] * column[i];
    parts.push_back(dot / static_cast<double>(column.size()));
    for (std::size_t i = 0; i < column.size(); ++i) column[i] -= parts.back() * q[i];
  }
  return parts;
}

}  // namespace

// Gram-Schmidt, each column twice ("twice is enough": Giraud, Langou & Rozložník 2005, Numer. Math. 101:87).
Result<void> Covariates::orthogonalise(MatrixView<const double> values, std::span<const std::string> names,
                                       std::span<const std::uint8_t> labels) {
  const std::vector<std::size_t> rows = rows_of_groups(labels).rows;
  std::vector<std::vector<double>> q(1, std::vector<double>(rows.size(), 1.0));
  at_zero_ = {1.0};
  for (std::size_t k = 0; k < values.cols; ++k) {
    std::vector<double> column(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      column[i] = values(rows[i], k);
      if (!std::isfinite(column[i])) {
        return bad_input("covariate {}: sample {} is {}; leave the sample out or give it a number", names[k],
                         rows[i], column[i]);
      }
    }
    const double scale = near_one(column);
    for (double& value : column) value *= scale;
    std::vector<double> parts = take_parts({q.begin(), q.begin() + 1}, column);
    const double spread = root_mean_square(column);
    if (!(spread > 1e-14 * std::fabs(parts[0]))) {
      return bad_input(
          "covariate {}: all samples have the same value, which the intercept stands for; leave it out",
          names[k]);
    }
    parts.resize(q.size(), 0.0);
    for (int pass = 0; pass < 2; ++pass) {
      const std::vector<double> more = take_parts(q, column);
      for (std::size_t j = 0; j < more.size(); ++j) parts[j] += more[j];
    }
    const double length = root_mean_square(column);
    if (!(length > kCollinear * spread)) {
      return bad_input("covariate {}: a linear combination of those before it; leave it out", names[k]);
    }
    for (double& value : column) value /= length;
    double at_zero = 0;
    for (std::size_t j = 0; j < q.size(); ++j) at_zero -= parts[j] * at_zero_[j];
    at_zero_.push_back(at_zero / length);
    q.push_back(std::move(column));
  }
  m_ = q.size();
  columns_.resize(rows.size() * m_);
  for (std::size_t j = 0; j < m_; ++j) {
    for (std::size_t i = 0; i < rows.size(); ++i) columns_[i * m_ + j] = q[j][i];
    const auto [lo, hi] = std::minmax_element(q[j].begin(), q[j].end());
    largest_.push_back(std::max(-*lo, *hi));
  }
  return {};
}

// The labels on the first columns alone.
AdjustedFit Covariates::fit_first(std::size_t n_columns, AdjustedScratch& scratch) const {
  const std::size_t n_samples = columns_.size() / m_;
  std::vector<double> first(n_samples * n_columns);
  for (std::size_t i = 0; i < n_samples; ++i)
    std::copy_n(columns_.data() + i * m_, n_columns, first.data() + i * n_columns);
  const std::vector<double> no_unit(n_samples, 0.0);
  std::vector<double> start(n_columns + 1, 0.0);
  start[0] = std::log(static_cast<double>(n_target_) / static_cast<double>(n_samples - n_target_));
  return maximise({first, n_columns, no_unit, n_target_}, std::move(start), Slope::kHeld, Penalty::kNone,
                  scratch);
}

Result<void> Covariates::fit_null(std::span<const std::string> names) {
  AdjustedScratch scratch;
  AdjustedFit null = fit_first(m_, scratch);
  for (std::size_t k = 2; k <= m_ && null.outcome != Outcome::kConverged; ++k) {
    const Outcome outcome = fit_first(k, scratch).outcome;
    if (outcome == Outcome::kConverged) continue;
    if (outcome == Outcome::kNotConverged) {
      return bad_input("covariate {}: the labels could not be fitted on it and those before it; leave it out",
                       names[k - 2]);
    }
    return bad_input(
        "covariate {}: {}it tells target from comparison {}, so nothing is left for a unit to explain; leave "
        "it out",
        names[k - 2], k == 2 ? "" : "with those before it ",
        outcome == Outcome::kSeparated ? "without error" : "but for samples on the border");
  }
  PENFIELD_CHECK(null.outcome == Outcome::kConverged);
  null_theta_ = std::move(null.theta);
  null_wrong_ = scratch.q;
  null_log_likelihood_ = null.objective;
  null_root_ = scratch.r;
  return {};
}

Result<Covariates> Covariates::prepare(MatrixView<const double> values, std::span<const std::string> names,
                                       std::span<const std::uint8_t> labels) {
  PENFIELD_CHECK(values.rows == labels.size() && values.cols == names.size());
  if (values.cols > kMost) {
    return bad_input("{} covariates; {} is the most that units are adjusted for", values.cols, kMost);
  }
  const RowsOfGroups groups = rows_of_groups(labels);
  if (groups.rows.size() < values.cols + 4) {
    return bad_input("{} covariates for {} samples; give fewer covariates or more samples", values.cols,
                     groups.rows.size());
  }
  Covariates out;
  out.n_target_ = groups.n_target;
  PENFIELD_CHECK(groups.n_target > 0 && groups.n_comparison() > 0);
  PENFIELD_TRY_VOID(out.orthogonalise(values, names, labels));
  PENFIELD_TRY_VOID(out.fit_null(names));
  return out;
}

Covariates Covariates::none(std::span<const std::uint8_t> labels) {
  Covariates out;
  const RowsOfGroups groups = rows_of_groups(labels);
  out.n_target_ = groups.n_target;
  PENFIELD_CHECK(groups.n_target > 0 && groups.n_comparison() > 0);
  PENFIELD_CHECK(out.orthogonalise({nullptr, labels.size(), 0}, {}, labels).has_value());
  PENFIELD_CHECK(out.fit_null({}).has_value());
  return out;
}

}  // namespace penfield::association
