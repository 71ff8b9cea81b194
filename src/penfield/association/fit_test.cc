#include "penfield/association/fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace penfield::association {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <class T = double>
UnitFit fit_one(const std::vector<T>& x, const std::vector<std::uint8_t>& y) {
  return fit_columns(MatrixView<const T>(x.data(), x.size(), 1), y).rows.at(0);
}

// Ten overlapping values; the targets are the last five.
const std::vector<double> kOverlapping = {0.3, -1.2, 0.8, 2.1, -0.4, 1.7, 0.1, 2.9, 1.1, -0.2};
const std::vector<std::uint8_t> kTenLabels = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};

void expect_no_wald(const UnitFit& fit) {
  EXPECT_TRUE(std::isnan(fit.se) && std::isnan(fit.z) && std::isnan(fit.neglog10_p_wald));
}

TEST(FitColumns, OneSampleThatCarriesTheFitIsNoted) {
  // The ends hold 20.25 of 82.5 each.
  EXPECT_EQ(fit_one({0, 2, 4, 6, 8, 1, 3, 5, 7, 9}, kTenLabels).note, FitNote::kNone);
  std::vector<double> x = kOverlapping;
  x[0] = 30;  // a comparison: β turns against the ranks
  const UnitFit fit = fit_one(x, kTenLabels);
  EXPECT_LT(fit.beta, 0);
  EXPECT_GT(fit.auc, 0.5);
  EXPECT_EQ(fit.note, FitNote::kOutlier | FitNote::kDiscordant);
  EXPECT_EQ(note_text(fit.note), "outlier;discordant");
  EXPECT_EQ(parse_notes("outlier;discordant"), fit.note);
  EXPECT_FALSE(parse_notes("discordant;outlier"));
}

TEST(FitColumns, SmallGroupsGetFirthsEstimateIfItIsLeftToUs) {
  const MatrixView<const double> x(kOverlapping.data(), kOverlapping.size(), 1);
  const UnitFit left = fit_columns(x, kTenLabels, {.firth = Firth::kAuto}).rows.at(0);
  const UnitFit always = fit_columns(x, kTenLabels, {.firth = Firth::kAlways}).rows.at(0);
  EXPECT_EQ(left.lrt_chi2, always.lrt_chi2);
  EXPECT_LT(left.beta, fit_columns(x, kTenLabels).rows.at(0).beta);
  EXPECT_TRUE(has_note(left.note, FitNote::kFirth));
  EXPECT_EQ(resolve_firth(Firth::kAuto, std::vector<std::uint8_t>(60, 1)), Firth::kAlways) << "no comparison";
  std::vector<std::uint8_t> labels(120, 0);
  std::fill_n(labels.begin(), 60, std::uint8_t{1});
  EXPECT_EQ(resolve_firth(Firth::kAuto, labels), Firth::kSeparated);
  labels[0] = kLeftOut;
  EXPECT_EQ(resolve_firth(Firth::kAuto, labels), Firth::kAlways);
}

// Firth's estimate and penalised ratio as logistf gives them for these points.
TEST(FitColumns, SeparatedGivesFirth) {
  const UnitFit fit = fit_one({-3.0, -2.0, -1.0, 1.0, 2.0, 3.0}, {0, 0, 0, 1, 1, 1});
  EXPECT_EQ(fit.status, FitStatus::kSeparated);
  EXPECT_NEAR(fit.beta, 0.9384164886, 5e-11);
  EXPECT_NEAR(fit.alpha, 0.0, 1e-12);
  EXPECT_NEAR(fit.lrt_chi2, 4.3699982, 5e-8);
  EXPECT_TRUE(std::isfinite(fit.neglog10_p_lrt) && std::isfinite(fit.score_chi2));
  EXPECT_EQ(fit.auc, 1.0);
  expect_no_wald(fit);
}

// A column that is one on k of the rare targets and nowhere else: Firth's estimate of a table of four counts
// is the log-odds ratio with a half added to each (Firth 1993).
TEST(FitColumns, FirthHoldsForRareTargets) {
  for (const auto& [n, n_target] : {std::pair(2000u, 20u), std::pair(440u, 220u), std::pair(440u, 6u)}) {
    std::vector<std::uint8_t> y(n, 0);
    std::fill_n(y.begin(), n_target, std::uint8_t{1});
    for (const unsigned k : {1u, 2u, 5u, n_target - 1}) {
      std::vector<double> x(n, 0.0);
      std::fill_n(x.begin(), k, 1.0);
      const UnitFit fit = fit_one(x, y);
      EXPECT_EQ(fit.status, FitStatus::kQuasiSeparated) << n_target << " " << k;
      const double want = std::log((k + 0.5) * (n - n_target + 0.5) / ((n_target - k + 0.5) * 0.5));
      EXPECT_NEAR(fit.beta, want, 1e-10 * want) << n_target << " " << k;
      EXPECT_GT(fit.neglog10_p_lrt, 0);
    }
  }
}

TEST(FitColumns, GroupsThatTouchAreQuasiSeparated) {
  const UnitFit fit = fit_one({-3.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 3.0}, {0, 0, 0, 0, 1, 1, 1, 1});
  EXPECT_EQ(fit.status, FitStatus::kQuasiSeparated);
  EXPECT_NEAR(fit.beta, 1.050074840, 5e-10);
  EXPECT_NEAR(fit.lrt_chi2, 4.6210053, 5e-8);
  expect_no_wald(fit);
}

TEST(FitColumns, SeparationIsExactAtTheLastDigit) {
  const double one_up = std::nextafter(1.0, 2.0);
  const std::vector<std::uint8_t> y = {0, 0, 0, 1, 1, 1};
  EXPECT_EQ(fit_one({-1.0, 0.0, 1.0, one_up, 2.0, 3.0}, y).status, FitStatus::kSeparated);
  EXPECT_EQ(fit_one({-1.0, 0.0, 1.0, 1.0, 2.0, 3.0}, y).status, FitStatus::kQuasiSeparated);
  EXPECT_EQ(fit_one({-1.0, 0.0, one_up, 1.0, 2.0, 3.0}, y).status, FitStatus::kOk);
  EXPECT_EQ(fit_one({3.0, 2.0, one_up, 1.0, 0.0, -1.0}, y).status, FitStatus::kSeparated);
}

TEST(FitColumns, ConstantColumn) {
  for (const double value : {0.0, 1.0, -7.25, 1e8}) {
    const UnitFit fit = fit_one(std::vector<double>(10, value), kTenLabels);
    EXPECT_EQ(fit.status, FitStatus::kConstant);
    EXPECT_EQ(fit.mean_target, value);
    EXPECT_EQ(fit.mean_comparison, value);
    EXPECT_EQ(fit.sd, 0.0);
    EXPECT_EQ(fit.auc, 0.5);
    EXPECT_TRUE(std::isnan(fit.beta) && std::isnan(fit.lrt_chi2) && std::isnan(fit.score_chi2) &&
                std::isnan(fit.t_welch) && std::isnan(fit.cohen_d) && std::isnan(fit.auc_lo));
    expect_no_wald(fit);
  }
}

TEST(FitColumns, ValuesThatAreNoNumbers) {
  for (const double bad : {kNaN, kInfinity, -kInfinity}) {
    for (std::size_t where = 0; where < 10; ++where) {
      std::vector<double> x = kOverlapping;
      x[where] = bad;
      const UnitFit fit = fit_one(x, kTenLabels);
      EXPECT_EQ(fit.status, FitStatus::kNonFinite);
      EXPECT_TRUE(std::isnan(fit.mean_target) && std::isnan(fit.beta) && std::isnan(fit.auc));
    }
  }
}

TEST(FitColumns, TooFewSamples) {
  EXPECT_EQ(fit_one<double>({}, {}).status, FitStatus::kTooFew);
  EXPECT_EQ(fit_one({1.0}, {1}).status, FitStatus::kTooFew);
  EXPECT_EQ(fit_one({1.0, 2.0, 3.0}, {1, 0, 0}).status, FitStatus::kTooFew);
  EXPECT_EQ(fit_one({1.0, 2.0, 3.0, 4.0}, {1, 0, 0, 0}).status, FitStatus::kTooFew);
  EXPECT_EQ(fit_one({1.0, 2.0, 3.0, 4.0}, {1, 1, 1, 1}).status, FitStatus::kTooFew);
  EXPECT_EQ(fit_one({1.0, 2.0, 3.0, 4.0}, {0, 0, 0, 0}).status, FitStatus::kTooFew);
  EXPECT_EQ(fit_one({1.0, 3.0, 2.0, 4.0}, {0, 0, 1, 1}).status, FitStatus::kOk);
}

TEST(FitColumns, NoColumns) {
  const FitTable table = fit_columns(MatrixView<const float>(nullptr, 10, 0), kTenLabels);
  EXPECT_TRUE(table.rows.empty());
  EXPECT_EQ(table.n_target, 5u);
  EXPECT_EQ(table.n_comparison, 5u);
}

// A 2×2 table has its estimates in closed form: β = log odds ratio, SE = √Σ 1/cell (Woolf 1955).
TEST(FitColumns, BinaryColumn) {
  std::vector<double> x;
  std::vector<std::uint8_t> y;
  const auto add = [&](double value, std::uint8_t label, int count) {
    for (int i = 0; i < count; ++i) {
      x.push_back(value);
      y.push_back(label);
    }
  };
  add(1, 1, 30);
  add(0, 1, 20);
  add(1, 0, 11);
  add(0, 0, 45);
  const UnitFit fit = fit_one(x, y);
  EXPECT_EQ(fit.status, FitStatus::kOk);
  EXPECT_NEAR(fit.beta, std::log(30.0 * 45.0 / (20.0 * 11.0)), 1e-13);
  EXPECT_NEAR(fit.se, std::sqrt(1 / 30.0 + 1 / 20.0 + 1 / 11.0 + 1 / 45.0), 1e-12);
  EXPECT_NEAR(fit.alpha, std::log(20.0 / 45.0), 1e-13);
}

TEST(FitColumns, ColumnThatIsTheLabel) {
  std::vector<double> x(kTenLabels.begin(), kTenLabels.end());
  const UnitFit fit = fit_one(x, kTenLabels);
  EXPECT_EQ(fit.status, FitStatus::kSeparated);
  EXPECT_NEAR(fit.beta, 2.0 * std::log(5.5 / 0.5), 1e-10);  // Firth adds one half to every cell of the table
  EXPECT_TRUE(std::isnan(fit.t_welch) && std::isnan(fit.cohen_d));  // no spread within the groups
  EXPECT_NEAR(fit.score_chi2, 10.0, 1e-12);
  expect_no_wald(fit);
}

// Sums of equal values are rounded; a spread of such roundings would be divided by.
template <class T>
void expect_no_spread_within_groups(T of_target, T of_comparison) {
  for (const auto& [n_target, n_comparison] : {std::pair(129u, 171u), {50u, 50u}, {7u, 10u}, {3u, 97u}}) {
    std::vector<T> x(n_target, of_target);
    std::vector<std::uint8_t> y(n_target, 1);
    x.resize(n_target + n_comparison, of_comparison);
    y.resize(x.size(), 0);
    const UnitFit fit = fit_one(x, y);
    SCOPED_TRACE(std::to_string(of_target) + " " + std::to_string(of_comparison) + " " +
                 std::to_string(n_target));
    EXPECT_EQ(fit.status, FitStatus::kSeparated);
    EXPECT_EQ(fit.mean_target, static_cast<double>(of_target));
    EXPECT_EQ(fit.mean_comparison, static_cast<double>(of_comparison));
    EXPECT_TRUE(std::isnan(fit.cohen_d) && std::isnan(fit.cohen_d_lo) && std::isnan(fit.cohen_d_hi));
    EXPECT_TRUE(std::isnan(fit.t_welch) && std::isnan(fit.df_welch) && std::isnan(fit.neglog10_p_welch));
    const double n = n_target + n_comparison;
    EXPECT_NEAR(fit.score_chi2, n, 1e-12 * n);  // the correlation with the label is one
    const double beta = std::log((n_target + .5) / .5) + std::log((n_comparison + .5) / .5);
    EXPECT_NEAR(fit.beta * (static_cast<double>(of_target) - static_cast<double>(of_comparison)), beta,
                1e-9 * beta);
    EXPECT_EQ(fit.auc, of_target > of_comparison ? 1.0 : 0.0);
  }
}

TEST(FitColumns, GroupsWithoutSpreadHaveNeitherEffectSizeNorWelchTest) {
  for (const auto& [of_target, of_comparison] :
       {std::pair(1.0, 0.0), {0.4, 0.3}, {2.0, 3.0}, {.7, -.2}, {1e8 + .1, 1e8}, {1e-7, 0.0}}) {
    expect_no_spread_within_groups<double>(of_target, of_comparison);
    if (of_target < 1e8)
      expect_no_spread_within_groups<float>(static_cast<float>(of_target), static_cast<float>(of_comparison));
  }
}

// One group without spread: its mean is its value, and Welch's degrees of freedom are the other's.
TEST(FitColumns, OneGroupWithoutSpreadAddsNoVariance) {
  std::vector<double> x(30, .1);
  std::vector<std::uint8_t> y(30, 1);
  for (int i = 0; i < 41; ++i) {
    x.push_back(.3 * i - 4.0);
    y.push_back(0);
  }
  const UnitFit fit = fit_one(x, y);
  EXPECT_EQ(fit.mean_target, .1);
  EXPECT_NEAR(fit.df_welch, 40.0, 1e-12);
}

TEST(FitColumns, ScaleAndShiftCarryOver) {
  const UnitFit plain = fit_one(kOverlapping, kTenLabels);
  ASSERT_EQ(plain.status, FitStatus::kOk);
  for (const double scale : {1e-300, 1e-150, 1e-6, 1e6, 1e150, 1e300}) {
    std::vector<double> x = kOverlapping;
    for (double& value : x) value *= scale;
    const UnitFit fit = fit_one(x, kTenLabels);
    EXPECT_EQ(fit.status, FitStatus::kOk) << scale;
    EXPECT_NEAR(fit.beta * scale / plain.beta, 1.0, 1e-12) << scale;
    EXPECT_NEAR(fit.se * scale / plain.se, 1.0, 1e-12) << scale;
    EXPECT_NEAR(fit.sd / scale / plain.sd, 1.0, 1e-12) << scale;
    EXPECT_NEAR(fit.lrt_chi2 / plain.lrt_chi2, 1.0, 1e-12) << scale;
    EXPECT_NEAR(fit.alpha / plain.alpha, 1.0, 1e-12) << scale;
    EXPECT_EQ(fit.auc, plain.auc);
  }
  for (const double shift : {1e4, -1e6, 1e8}) {
    std::vector<double> x = kOverlapping;
    for (double& value : x) value += shift;
    const UnitFit fit = fit_one(x, kTenLabels);
    EXPECT_EQ(fit.status, FitStatus::kOk) << shift;
    EXPECT_NEAR(fit.beta / plain.beta, 1.0, 1e-15 * std::fabs(shift)) << shift;
    EXPECT_NEAR(fit.t_welch / plain.t_welch, 1.0, 1e-15 * std::fabs(shift)) << shift;
  }
}

TEST(FitColumns, OneWildValue) {
  for (std::size_t where = 0; where < 10; ++where) {
    std::vector<double> x = kOverlapping;
    x[where] = 1e4;
    const UnitFit fit = fit_one(x, kTenLabels);
    EXPECT_EQ(fit.status, FitStatus::kOk);
    EXPECT_TRUE(std::isfinite(fit.beta) && std::isfinite(fit.se) && fit.se > 0);
    EXPECT_GE(fit.lrt_chi2, 0.0);
  }
}

TEST(FitColumns, EqualMeansGiveNoEffect) {
  const UnitFit fit = fit_one({-1.0, 1.0, -2.0, 2.0, -1.0, 1.0, -2.0, 2.0}, {0, 0, 0, 0, 1, 1, 1, 1});
  EXPECT_EQ(fit.status, FitStatus::kOk);
  EXPECT_EQ(fit.beta, 0.0);
  EXPECT_EQ(fit.lrt_chi2, 0.0);
  EXPECT_EQ(fit.neglog10_p_wald, 0.0);
  EXPECT_EQ(fit.neglog10_p_lrt, 0.0);
  EXPECT_EQ(fit.neglog10_p_score, 0.0);
  EXPECT_EQ(fit.neglog10_p_welch, 0.0);
  EXPECT_EQ(fit.auc, 0.5);
}

TEST(StatusName, EveryStatusHasItsName) {
  EXPECT_EQ(status_name(FitStatus::kOk), "ok");
  EXPECT_EQ(status_name(FitStatus::kConstant), "constant");
  EXPECT_EQ(status_name(FitStatus::kSeparated), "separated");
  EXPECT_EQ(status_name(FitStatus::kQuasiSeparated), "quasi_separated");
  EXPECT_EQ(status_name(FitStatus::kNotConverged), "not_converged");
  EXPECT_EQ(status_name(FitStatus::kNonFinite), "non_finite");
  EXPECT_EQ(status_name(FitStatus::kTooFew), "too_few");
}

}  // namespace
}  // namespace penfield::association
