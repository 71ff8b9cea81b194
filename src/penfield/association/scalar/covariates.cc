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
                                       std::span<const std::uint8_t> labels, Dependent dependent) {
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
    const bool is_constant = !(spread > 1e-14 * std::fabs(parts[0]));
    if (is_constant && dependent == Dependent::kRefuse) {
      return bad_input(
          "covariate {}: all samples have the same value, which the intercept stands for; leave it out",
          names[k]);
    }
    parts.resize(q.size(), 0.0);
    for (int pass = 0; pass < 2; ++pass) {
      const std::vector<double> more = take_parts(q, column);
      for (std::size_t j = 0; j < more.size(); ++j) parts[j] += more[j];
    }
    double at_zero = 0;
    for (std::size_t j = 0; j < q.size(); ++j) at_zero -= parts[j] * at_zero_[j];
    const double length = root_mean_square(column);
    if (is_constant || !(length > kCollinear * spread)) {
      if (dependent == Dependent::kRefuse)
        return bad_input("covariate {}: a linear combination of those before it; leave it out", names[k]);
      // The samples lie on a plane, and the point where the covariates are zero may not.
      finite_at_zero_ = finite_at_zero_ && std::fabs(at_zero) <= kCollinear;
      continue;
    }
    for (double& value : column) value /= length;
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

// The first n_columns with a unit that is zero.
Covariates::FirstColumns Covariates::first_columns(std::size_t n_columns) const {
  const std::size_t n_samples = columns_.size() / m_;
  FirstColumns out{.shared = std::vector<double>(n_samples * n_columns),
                   .no_unit = std::vector<double>(n_samples, 0.0),
                   .m = n_columns,
                   .n_target = n_target_};
  for (std::size_t i = 0; i < n_samples; ++i)
    std::copy_n(columns_.data() + i * m_, n_columns, out.shared.data() + i * n_columns);
  return out;
}

// The fit of the labels on these columns alone.
AdjustedFit Covariates::fit_labels(const FirstColumns& columns, AdjustedScratch& scratch) const {
  const std::size_t n_samples = columns.no_unit.size();
  std::vector<double> start(columns.m + 1, 0.0);
  start[0] = std::log(static_cast<double>(n_target_) / static_cast<double>(n_samples - n_target_));
  return maximise(columns.design(), start, Slope::kHeld, Penalty::kNone, scratch);
}

// Fills the null_… where the likelihood has a maximum.
AdjustedFit Covariates::fit_null() {
  AdjustedScratch scratch;
  const FirstColumns all = first_columns(m_);
  AdjustedFit null = fit_labels(all, scratch);
  if (null.outcome != Outcome::kConverged) return null;
  const Evaluation at = evaluate(all.design(), null.theta, Penalty::kNone, scratch);
  null_theta_ = null.theta;
  null_wrong_.assign(at.wrong.begin(), at.wrong.end());
  null_log_likelihood_ = null.objective;
  null_root_ = at.r;
  return null;
}

// The same by Firth's estimate, which exists always; the last covariate takes the place of a unit.
void Covariates::fit_firth_null() {
  const std::size_t n_samples = columns_.size() / m_;
  std::vector<double> first, last;
  for (std::size_t i = 0; i < n_samples; ++i) {
    const auto row = columns_.begin() + static_cast<std::ptrdiff_t>(i * m_);
    first.insert(first.end(), row, row + static_cast<std::ptrdiff_t>(m_ - 1));
    last.push_back(*(row + static_cast<std::ptrdiff_t>(m_ - 1)));
  }
  std::vector<double> start(m_, 0.0);
  start[0] = std::log(static_cast<double>(n_target_) / static_cast<double>(n_samples - n_target_));
  AdjustedScratch scratch;
  const Design design{first, m_ - 1, last, n_target_};
  const AdjustedFit fit = maximise(design, start, Slope::kFree, Penalty::kFirth, scratch);
  null_theta_ = fit.outcome == Outcome::kConverged ? fit.theta : start;
  const Evaluation at = evaluate(design, null_theta_, Penalty::kFirth, scratch);
  null_wrong_.assign(at.wrong.begin(), at.wrong.end());
  null_theta_.push_back(0.0);
  null_log_likelihood_ = at.objective;
  null_root_.assign((m_ + 1) * (m_ + 1), 0.0);
  for (std::size_t k = 0; k <= m_; ++k) null_root_[k * (m_ + 1) + k] = 1.0;
}

// Why the labels cannot be fitted on the covariates.
tl::unexpected<Error> Covariates::explain(std::span<const std::string> names) const {
  AdjustedScratch scratch;
  for (std::size_t k = 2; k <= m_; ++k) {
    const Outcome outcome = fit_labels(first_columns(k), scratch).outcome;
    if (outcome == Outcome::kNotConverged) {
      return bad_input("covariate {}: the labels could not be fitted on it and those before it; leave it out",
                       names[k - 2]);
    }
    if (outcome == Outcome::kSeparated) {
      return bad_input(
          "covariate {}: {}it tells target from comparison without error, so nothing is left for a unit to "
          "explain; leave it out",
          names[k - 2], k == 2 ? "" : "with those before it ");
    }
  }
  return bad_input("{} covariates: the samples that they do not separate are too few; leave some out",
                   names.size());
}

// Leaves out the samples that the covariates separate, until the likelihood of the others has a maximum.
Result<void> Covariates::find_limit(MatrixView<const double> values, std::span<const std::string> names,
                                    std::span<const std::uint8_t> labels, AdjustedFit null) {
  CovariateLimit limit{{labels.begin(), labels.end()}, *this};
  while (null.outcome == Outcome::kQuasiSeparated) {
    const std::vector<std::size_t> rows = rows_of_groups(limit.labels).rows;
    const std::vector<double> no_unit(rows.size(), 0.0);
    const std::vector<bool> off = samples_off_border(limit.covariates.design(no_unit), null.direction);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (off[i]) limit.labels[rows[i]] = kLeftOut;
    }
    const RowsOfGroups left = rows_of_groups(limit.labels);
    Covariates next;
    next.n_target_ = left.n_target;
    if (left.n_target < 2 || left.n_comparison() < 2) return explain(names);
    PENFIELD_TRY_VOID(next.orthogonalise(values, names, limit.labels, Dependent::kLeaveOut));
    if (left.rows.size() < next.m_ + 3) return explain(names);
    null = next.fit_null();
    limit.covariates = std::move(next);
  }
  if (null.outcome != Outcome::kConverged) return explain(names);
  limit_ = std::make_shared<const CovariateLimit>(std::move(limit));
  fit_firth_null();
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
  PENFIELD_TRY_VOID(out.orthogonalise(values, names, labels, Dependent::kRefuse));
  AdjustedFit null = out.fit_null();
  if (null.outcome != Outcome::kConverged)
    PENFIELD_TRY_VOID(out.find_limit(values, names, labels, std::move(null)));
  return out;
}

Covariates Covariates::none(std::span<const std::uint8_t> labels) {
  Covariates out;
  const RowsOfGroups groups = rows_of_groups(labels);
  out.n_target_ = groups.n_target;
  PENFIELD_CHECK(groups.n_target > 0 && groups.n_comparison() > 0);
  PENFIELD_CHECK(out.orthogonalise({nullptr, labels.size(), 0}, {}, labels, Dependent::kRefuse).has_value());
  PENFIELD_CHECK(out.fit_null().outcome == Outcome::kConverged);
  return out;
}

}  // namespace penfield::association
