// The kernels that work beside shared columns against the plain road, over lengths, numbers of covariates,
// types and every set of instructions of this machine.
#include "penfield/association/panel/adjusted.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/rows_of_groups.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/parallel.h"
#include "penfield/numeric/constants.h"

namespace penfield::association {
namespace {

// Runs `body` once for every set of instructions; fastest first.
template <class Body>
void for_each_target(const Body& body) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    body(target);
  }
  hwy::SetSupportedTargetsForTest(0);
}

// Units, labels and covariates of one test.
template <class T>
struct Data {
  std::size_t n = 0, n_units = 0;
  std::vector<std::uint8_t> labels;
  std::vector<T> x;
  std::vector<double> z;
  std::size_t n_covariates = 0;

  Data(std::size_t samples, std::size_t units, std::size_t covariates, double max_d)
      : n(samples),
        n_units(units),
        labels(simulated::labels(samples, samples * 2 / 5, samples)),
        x(simulated::activations<T>(labels, units, max_d, samples + 1)),
        n_covariates(covariates) {
    Random random(samples + 2);
    for (std::size_t i = 0; i < n * covariates; ++i)
      z.push_back(3.0 + simulated::normal(random) + (labels[i / covariates] != 0 ? 0.2 : 0.0));
    // Units are related to the first covariate.
    for (std::size_t i = 0; i < n && covariates > 0; ++i) {
      for (std::size_t unit = 0; unit < n_units; unit += 6)
        x[i * n_units + unit] += static_cast<T>(0.5 * z[i * covariates]);
    }
  }

  [[nodiscard]] Covariates covariates() const {
    if (n_covariates == 0) return Covariates::none(labels);
    const std::vector<std::string> names(n_covariates, "z");
    auto result = Covariates::prepare({z.data(), n, n_covariates}, names, labels);
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return std::move(*result);
  }
  [[nodiscard]] MatrixView<const T> view() const { return {x.data(), n, n_units}; }
  [[nodiscard]] std::vector<double> column(std::size_t unit) const {
    std::vector<double> out;
    for (const std::size_t row : rows_of_groups(labels).rows)
      out.push_back(static_cast<double>(x[row * n_units + unit]));
    return out;
  }
};

// What is left of a column beside the shared ones, of mean square one; `scale` is what it was divided by.
std::vector<double> residual_of(std::vector<double> column, const Covariates& covariates, double& scale) {
  const auto n = static_cast<double>(column.size());
  const std::size_t m = covariates.m();
  for (int pass = 0; pass < 3; ++pass) {
    for (std::size_t j = 0; j < m; ++j) {
      double part = 0;
      for (std::size_t i = 0; i < column.size(); ++i) part += column[i] * covariates.columns()[i * m + j] / n;
      for (std::size_t i = 0; i < column.size(); ++i) column[i] -= part * covariates.columns()[i * m + j];
    }
  }
  double ss = 0;
  for (const double value : column) ss += value * value;
  scale = std::sqrt(ss / n);
  for (double& value : column) value /= scale;
  return column;
}

double relative(double got, double want) {
  return std::fabs(got - want) / std::max(std::fabs(want), 1e-3);
}

template <class T>
void expect_twins_agree(std::size_t n, std::size_t n_covariates, double max_d) {
  SCOPED_TRACE(testing::Message() << "n " << n << ", covariates " << n_covariates);
  const Data<T> data(n, 37, n_covariates, max_d);
  const Covariates covariates = data.covariates();
  const FitOptions options{.firth = Firth::kNever,
                           .intervals = Intervals::kWald,
                           .covariates = &covariates,
                           .clusters = {},
                           .n_clusters = 0};
  const FitTable table = fit_columns(data.view(), data.labels, options);
  AdjustedScratch scratch;
  std::size_t n_ok = 0;
  for (std::size_t unit = 0; unit < data.n_units; ++unit) {
    double scale = 1;
    const std::vector<double> z = residual_of(data.column(unit), covariates, scale);
    const Design design = covariates.design(z);
    const AdjustedFit want = maximise(design, covariates.null_theta(), Slope::kFree, Penalty::kNone, scratch);
    const UnitFit& got = table.rows[unit];
    EXPECT_EQ(got.status == FitStatus::kOk, want.outcome == Outcome::kConverged) << unit;
    EXPECT_EQ(got.status == FitStatus::kSeparated, want.outcome == Outcome::kSeparated) << unit;
    if (want.outcome != Outcome::kConverged) continue;
    ++n_ok;
    EXPECT_LT(relative(got.beta * scale, want.theta.back()), 1e-8) << unit;
    EXPECT_LT(relative(got.se * scale * std::sqrt(want.spread), 1.0), 1e-8) << unit;
    const double chi2 = adjusted_chi2(design, want.theta, covariates.null_theta(), covariates.null_wrong());
    EXPECT_LT(relative(got.lrt_chi2, chi2), 1e-8) << unit;
    EXPECT_LT(relative(got.beta_hi - got.beta, numeric::kNormal975 * got.se), 1e-12) << unit;
  }
  if (n >= 60) {
    EXPECT_GT(n_ok, data.n_units / 2);
  }
}

template <class T>
class PanelAdjustedTest : public testing::Test {};
using Types = testing::Types<float, double>;
TYPED_TEST_SUITE(PanelAdjustedTest, Types);

TYPED_TEST(PanelAdjustedTest, AgreesWithThePlainRoad) {
  for_each_target([](std::int64_t) {
    for (std::size_t n = 12; n < 50; n += 3) expect_twins_agree<TypeParam>(n, 1 + n % 2, 0.7);
    for (const std::size_t c : {0u, 1u, 2u, 3u, 4u, 7u}) expect_twins_agree<TypeParam>(150, c, 1.5);
  });
  expect_twins_agree<TypeParam>(1000, 4, 0.0);
  expect_twins_agree<TypeParam>(200, Covariates::kMost, 0.5);
}

// Every number of two tables, bit by bit.
void expect_same_bits(const FitTable& a, const FitTable& b) {
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (std::size_t unit = 0; unit < a.rows.size(); ++unit) {
    const UnitFit& one = a.rows[unit];
    const UnitFit& other = b.rows[unit];
    EXPECT_EQ(one.status, other.status);
    EXPECT_EQ(one.note, other.note);
    const auto bits = [](const UnitFit& fit) { return reinterpret_cast<const char*>(&fit.mean_target); };
    const std::size_t length = static_cast<std::size_t>(reinterpret_cast<const char*>(&one.note) - bits(one));
    EXPECT_EQ(std::memcmp(bits(one), bits(other), length), 0) << unit;
  }
}

TEST(PanelAdjusted, TargetsThatFuseMultiplyAddGiveTheSameBytes) {
  const Data<float> data(150, 70, 3, 2.0);
  const Covariates covariates = data.covariates();
  FitOptions options;
  options.covariates = &covariates;
  std::vector<FitTable> tables;
  for_each_target([&](std::int64_t target) {
    if (target > HWY_AVX2) return;  // fewer bits: better instructions
    tables.push_back(fit_columns(data.view(), data.labels, options));
  });
  for (std::size_t i = 1; i < tables.size(); ++i) expect_same_bits(tables[0], tables[i]);
}

TEST(PanelAdjusted, ThreadsAndNeighboursChangeNoBit) {
  const Data<float> data(120, 50, 2, 2.0);
  const Covariates covariates = data.covariates();
  std::vector<std::uint32_t> clusters;
  for (std::size_t i = 0; i < data.n; ++i) clusters.push_back(static_cast<std::uint32_t>(i % 9));
  const FitOptions options{.firth = Firth::kAlways,
                           .intervals = Intervals::kProfile,
                           .covariates = &covariates,
                           .clusters = clusters,
                           .n_clusters = 9};
  set_threads(1);
  const FitTable one = fit_columns(data.view(), data.labels, options);
  for (const int threads : {2, 8}) {
    set_threads(threads);
    expect_same_bits(one, fit_columns(data.view(), data.labels, options));
  }
  set_threads(0);
  // The same columns, cut elsewhere.
  FitTable parts;
  for (const auto& [first, width] : {std::pair{0u, 3u}, std::pair{3u, 47u}}) {
    const FitTable part = fit_columns(data.view().block(0, data.n, first, width), data.labels, options);
    parts.rows.insert(parts.rows.end(), part.rows.begin(), part.rows.end());
  }
  expect_same_bits(one, parts);
}

TEST(PanelAdjusted, WithoutOptionsTheFastRoadIsTaken) {
  const Data<float> data(120, 50, 0, 3.0);
  expect_same_bits(fit_columns(data.view(), data.labels),
                   fit_columns(data.view(), data.labels, FitOptions{}));
}

}  // namespace
}  // namespace penfield::association
