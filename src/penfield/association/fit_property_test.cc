// What must hold of fit_columns whatever the data.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <numeric>
#include <vector>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"

namespace penfield::association {
namespace {

constexpr std::size_t kUnits = 203;

template <class T>
FitTable fit_all(const std::vector<T>& x, const std::vector<std::uint8_t>& labels) {
  return fit_columns(MatrixView<const T>(x.data(), labels.size(), x.size() / labels.size()), labels);
}

bool same_bytes(const FitTable& a, const FitTable& b) {
  if (a.rows.size() != b.rows.size()) return false;
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    if (a.rows[i].status != b.rows[i].status) return false;
    const auto doubles = [](const UnitFit& fit) { return reinterpret_cast<const char*>(&fit.mean_target); };
    const std::size_t size =
        sizeof(UnitFit) -
        static_cast<std::size_t>(doubles(a.rows[i]) - reinterpret_cast<const char*>(&a.rows[i]));
    if (std::memcmp(doubles(a.rows[i]), doubles(b.rows[i]), size) != 0) return false;
  }
  return true;
}

TEST(FitProperties, SwappedLabelsNegateTheEffect) {
  const auto labels = simulated::labels(120, 50, 1);
  auto swapped = labels;
  for (auto& label : swapped) label ^= 1u;
  const auto x = simulated::activations<float>(labels, kUnits, 2.0, 2);
  const FitTable plain = fit_all(x, labels);
  const FitTable other = fit_all(x, swapped);
  for (std::size_t i = 0; i < kUnits; ++i) {
    const UnitFit& a = plain.rows[i];
    const UnitFit& b = other.rows[i];
    EXPECT_EQ(a.status, b.status);
    EXPECT_NEAR(a.beta_sd, -b.beta_sd, 1e-9 * std::fabs(a.beta_sd));
    EXPECT_NEAR(a.lrt_chi2, b.lrt_chi2, 1e-9 * a.lrt_chi2 + 1e-12);
    EXPECT_NEAR(a.t_welch, -b.t_welch, 1e-11 * std::fabs(a.t_welch) + 1e-13);
    EXPECT_NEAR(a.auc, 1.0 - b.auc, 1e-15);
    EXPECT_NEAR(a.mean_target, b.mean_comparison, 1e-13 * std::fabs(a.mean_target));
  }
}

TEST(FitProperties, OrderOfSamplesDoesNotMatter) {
  const auto labels = simulated::labels(120, 50, 1);
  const auto x = simulated::activations<double>(labels, kUnits, 2.0, 3);
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(4);
  random.shuffle(std::span<std::size_t>(order));
  std::vector<double> x_moved(x.size());
  std::vector<std::uint8_t> labels_moved(labels.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    labels_moved[i] = labels[order[i]];
    std::copy_n(x.begin() + static_cast<std::ptrdiff_t>(order[i] * kUnits), kUnits,
                x_moved.begin() + static_cast<std::ptrdiff_t>(i * kUnits));
  }
  const FitTable plain = fit_all(x, labels);
  const FitTable moved = fit_all(x_moved, labels_moved);
  for (std::size_t i = 0; i < kUnits; ++i) {
    const UnitFit& a = plain.rows[i];
    const UnitFit& b = moved.rows[i];
    EXPECT_EQ(a.status, b.status);
    EXPECT_NEAR(a.beta_sd, b.beta_sd, 1e-9 * std::fabs(a.beta_sd) + 1e-12);
    EXPECT_NEAR(a.se, b.se, 1e-9 * a.se);
    EXPECT_NEAR(a.neglog10_p_lrt, b.neglog10_p_lrt, 1e-9 * a.neglog10_p_lrt + 1e-12);
    EXPECT_EQ(a.auc, b.auc);
    EXPECT_EQ(a.auc_lo, b.auc_lo);
  }
}

TEST(FitProperties, NumberOfThreadsChangesNoBit) {
  const auto labels = simulated::labels(97, 40, 5);
  const auto x = simulated::activations<float>(labels, 1009, 4.0, 6);
  set_threads(1);
  const FitTable one = fit_all(x, labels);
  for (const int threads : {2, 3, 8}) {
    set_threads(threads);
    EXPECT_TRUE(same_bytes(one, fit_all(x, labels))) << threads;
  }
  set_threads(0);
}

// A column's result is its own: neighbours, position and the matrix it lies in play no part.
TEST(FitProperties, NeighboursChangeNoBit) {
  const auto labels = simulated::labels(97, 40, 5);
  const auto x = simulated::activations<float>(labels, kUnits, 4.0, 7);
  const FitTable all = fit_all(x, labels);
  const MatrixView<const float> view(x.data(), labels.size(), kUnits);
  for (const auto& [first, count] :
       {std::pair<std::size_t, std::size_t>{3, 1}, {0, 17}, {101, 33}, {202, 1}}) {
    const FitTable part = fit_columns(view.block(0, labels.size(), first, count), labels);
    FitTable expected;
    expected.rows.assign(all.rows.begin() + static_cast<std::ptrdiff_t>(first),
                         all.rows.begin() + static_cast<std::ptrdiff_t>(first + count));
    EXPECT_TRUE(same_bytes(part, expected)) << first;
  }
}

TEST(FitProperties, FloatAndDoubleInputAgree) {
  const auto labels = simulated::labels(80, 40, 8);
  const auto x = simulated::activations<float>(labels, kUnits, 3.0, 9);
  const std::vector<double> wide(x.begin(), x.end());
  EXPECT_TRUE(same_bytes(fit_all(x, labels), fit_all(wide, labels)));
}

// Kolmogorov–Smirnov distance of p-values from the uniform distribution, times √n.
double ks_of_p(const FitTable& table, const std::function<double(const UnitFit&)>& neglog10_p) {
  std::vector<double> p;
  for (const UnitFit& fit : table.rows) p.push_back(std::pow(10.0, -neglog10_p(fit)));
  std::sort(p.begin(), p.end());
  const auto n = static_cast<double>(p.size());
  double distance = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const auto rank = static_cast<double>(i);
    distance = std::max({distance, std::fabs(p[i] - rank / n), std::fabs(p[i] - (rank + 1) / n)});
  }
  return distance * std::sqrt(n);
}

TEST(FitProperties, SimulatedNullGivesUniformP) {
  const auto labels = simulated::labels(440, 220, 10);
  const auto x = simulated::activations<float>(labels, 4000, 0.0, 11);
  const FitTable table = fit_all(x, labels);
  constexpr double kAtOnePercent = 1.628;  // Kolmogorov's distribution
  EXPECT_LT(ks_of_p(table, [](const UnitFit& fit) { return fit.neglog10_p_lrt; }), kAtOnePercent);
  EXPECT_LT(ks_of_p(table, [](const UnitFit& fit) { return fit.neglog10_p_score; }), kAtOnePercent);
  EXPECT_LT(ks_of_p(table, [](const UnitFit& fit) { return fit.neglog10_p_wald; }), kAtOnePercent);
  EXPECT_LT(ks_of_p(table, [](const UnitFit& fit) { return fit.neglog10_p_welch; }), kAtOnePercent);
}

// And the same measure sees an effect of a tenth of an SD, so it would see a null that is off.
TEST(FitProperties, UniformityTestHasPower) {
  const auto labels = simulated::labels(440, 220, 10);
  const auto x = simulated::activations<float>(labels, 4000, 0.2, 12);
  EXPECT_GT(ks_of_p(fit_all(x, labels), [](const UnitFit& fit) { return fit.neglog10_p_lrt; }), 5.0);
}

}  // namespace
}  // namespace penfield::association
