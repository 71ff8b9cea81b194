#include "penfield/association/scalar/cluster_error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "penfield/base/check.h"

namespace penfield::association {
namespace {

// An eigenvalue of S this near 1 belongs to a coefficient that the cluster determines alone; nothing is left
// of its residual, and the inverse root is the pseudo-inverse's.
constexpr double kDetermined = 1e-10;

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double inverse_root_left(double eigenvalue) {
  const double left = 1.0 - eigenvalue;
  return left > kDetermined ? 1.0 / std::sqrt(left) : 0.0;
}

// A symmetric matrix [p, p], made diagonal by Jacobi's rotations (Golub & Van Loan 2013, ch. 8.5).
class Eigen {
 public:
  Eigen(std::vector<double> matrix, std::size_t p) : a_(std::move(matrix)), vectors_(p * p, 0.0), p_(p) {
    for (std::size_t i = 0; i < p; ++i) vectors_[i * p + i] = 1.0;
    for (int sweep = 0; sweep < kMostSweeps && rotate_all(); ++sweep) {
    }
  }

  // U·f(Λ)·U'·v.
  template <class F>
  [[nodiscard]] std::vector<double> apply(const F& f, std::span<const double> v) const {
    std::vector<double> out(p_, 0.0);
    for (std::size_t k = 0; k < p_; ++k) {
      double part = 0;
      for (std::size_t i = 0; i < p_; ++i) part += vectors_[i * p_ + k] * v[i];
      part *= f(a_[k * p_ + k]);
      for (std::size_t i = 0; i < p_; ++i) out[i] += vectors_[i * p_ + k] * part;
    }
    return out;
  }

 private:
  static constexpr int kMostSweeps = 60;

  // One sweep; false if nothing was left to do.
  bool rotate_all() {
    bool any = false;
    for (std::size_t i = 0; i + 1 < p_; ++i) {
      for (std::size_t j = i + 1; j < p_; ++j) any = rotate(i, j) || any;
    }
    return any;
  }

  bool rotate(std::size_t i, std::size_t j) {
    constexpr double kRounding = 1e-17;
    const double off = a_[i * p_ + j];
    const double a = a_[i * p_ + i];
    const double b = a_[j * p_ + j];
    if (std::fabs(off) <= kRounding * (std::fabs(a) + std::fabs(b))) return false;
    const double theta = (b - a) / (2.0 * off);
    const double t = (theta >= 0 ? 1.0 : -1.0) / (std::fabs(theta) + std::sqrt(theta * theta + 1.0));
    const double c = 1.0 / std::sqrt(t * t + 1.0);
    const double s = t * c;
    for (std::size_t k = 0; k < p_; ++k) turn(a_[k * p_ + i], a_[k * p_ + j], c, s);
    for (std::size_t k = 0; k < p_; ++k) turn(a_[i * p_ + k], a_[j * p_ + k], c, s);
    for (std::size_t k = 0; k < p_; ++k) turn(vectors_[k * p_ + i], vectors_[k * p_ + j], c, s);
    a_[i * p_ + j] = a_[j * p_ + i] = 0;
    return true;
  }
  static void turn(double& x, double& y, double c, double s) {
    const double old = x;
    x = c * old - s * y;
    y = s * old + c * y;
  }

  std::vector<double> a_, vectors_;
  std::size_t p_;
};

// Solves R'·z = u, R upper triangular [p, p].
void solve_transposed(std::span<const double> r, std::vector<double>& u) {
  const std::size_t p = u.size();
  for (std::size_t k = 0; k < p; ++k) {
    for (std::size_t j = 0; j < k; ++j) u[k] -= r[j * p + k] * u[j];
    u[k] /= r[k * p + k];
  }
}

// Sums over clusters.
class Sandwich {
 public:
  Sandwich(const Design& design, const Evaluation& at, std::span<const double> q_columns)
      : design_(design), at_(at), q_(q_columns), p_(design.n_coefficients()), squares_(p_ * p_, 0.0) {
    of_unit_.assign(p_, 0.0);
    of_unit_.back() = 1.0 / at.r.back();
  }

  void add(std::span<const std::uint32_t> rows) {
    std::vector<double> s(p_ * p_, 0.0), score(p_, 0.0), row(p_);
    for (const std::uint32_t i : rows) {
      for (std::size_t k = 0; k < p_; ++k) row[k] = q_[k * design_.n() + i];
      for (std::size_t k = 0; k < p_; ++k) {
        for (std::size_t j = 0; j < p_; ++j) s[k * p_ + j] += row[k] * row[j];
      }
      const double residual = sign_of_sample(design_, i) * at_.wrong[i];
      for (std::size_t j = 0; j < design_.m; ++j) score[j] += residual * design_.shared[i * design_.m + j];
      score[design_.m] += residual * design_.z[i];
    }
    solve_transposed(at_.r, score);
    const std::vector<double> h =
        rows.size() == 1 ? left_of_one(row) : Eigen(s, p_).apply(inverse_root_left, of_unit_);
    std::vector<double> t(p_, 0.0);
    for (std::size_t k = 0; k < p_; ++k) {
      for (std::size_t j = 0; j < p_; ++j) t[k] += s[k * p_ + j] * h[j];
    }
    const double own = dot(h, score);
    const double tt = dot(t, t);
    const double omega = dot(h, t) - tt;
    variance_ += own * own;
    trace_ += omega;
    diagonal_ += omega * omega - tt * tt;
    for (std::size_t k = 0; k < p_; ++k) {
      for (std::size_t j = 0; j < p_; ++j) squares_[k * p_ + j] += t[k] * t[j];
    }
  }

  [[nodiscard]] ClusterError result() const {
    return {.se = std::sqrt(variance_), .df = trace_ * trace_ / (diagonal_ + dot(squares_, squares_))};
  }

 private:
  // (1 − row·row')^(−½)·v, whose eigenvalues are all 1 but one.
  [[nodiscard]] std::vector<double> left_of_one(std::span<const double> row) const {
    const double length = dot(row, row);
    std::vector<double> out = of_unit_;
    if (length == 0) return out;
    const double part = (inverse_root_left(length) - 1.0) / length * dot(row, of_unit_);
    for (std::size_t k = 0; k < p_; ++k) out[k] += part * row[k];
    return out;
  }

  const Design& design_;
  const Evaluation& at_;
  std::span<const double> q_;  // [p, n]
  std::size_t p_;
  std::vector<double> of_unit_, squares_;
  double variance_ = 0, trace_ = 0, diagonal_ = 0;
};

}  // namespace

ClusterRows ClusterRows::of(std::span<const std::uint32_t> cluster, std::size_t n_target) {
  ClusterRows out;
  out.rows.resize(cluster.size());
  std::iota(out.rows.begin(), out.rows.end(), 0u);
  std::stable_sort(out.rows.begin(), out.rows.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return cluster[a] < cluster[b]; });
  for (std::size_t begin = 0; begin < out.rows.size();) {
    std::size_t end = begin;
    bool has_target = false;
    bool has_comparison = false;
    for (; end < out.rows.size() && cluster[out.rows[end]] == cluster[out.rows[begin]]; ++end)
      (out.rows[end] < n_target ? has_target : has_comparison) = true;
    out.n_with_target += has_target ? 1 : 0;
    out.n_with_comparison += has_comparison ? 1 : 0;
    out.first.push_back(begin);
    begin = end;
  }
  if (!out.rows.empty()) out.first.push_back(out.rows.size());
  return out;
}

ClusterError cluster_error(const Design& design, std::span<const double> theta, const ClusterRows& clusters,
                           AdjustedScratch& scratch) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  PENFIELD_CHECK(clusters.rows.size() == design.n());
  if (std::min(clusters.n_with_target, clusters.n_with_comparison) < kFewestClusters) return {kNone, kNone};
  const Evaluation at = evaluate(design, theta, Penalty::kNone, scratch);
  if (!at.is_sound(design.n_coefficients())) return {kNone, kNone};
  Sandwich sandwich(design, at, scratch.columns);
  for (std::size_t g = 0; g < clusters.n(); ++g) {
    sandwich.add(
        std::span(clusters.rows).subspan(clusters.first[g], clusters.first[g + 1] - clusters.first[g]));
  }
  return sandwich.result();
}

}  // namespace penfield::association
