// What fits beside covariates must do whatever the numbers: statuses, notes, and how they change with their
// input.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"

namespace penfield::association {
namespace {

constexpr std::size_t kSamples = 120;

class FitAdjusted : public ::testing::Test {
 protected:
  FitAdjusted() {
    Random random(12);
    for (std::size_t i = 0; i < kSamples; ++i) {
      z_.push_back(simulated::normal(random) + 0.4 * labels_[i]);
      z_.push_back(1e4 + simulated::normal(random));
      x_.push_back(simulated::normal(random) + 0.8 * labels_[i] + 0.5 * z_[2 * i]);
    }
  }

  [[nodiscard]] static Covariates prepare(const std::vector<double>& z,
                                          const std::vector<std::uint8_t>& labels) {
    const std::vector<std::string> names(z.size() / labels.size(), "z");
    auto result = Covariates::prepare({z.data(), labels.size(), names.size()}, names, labels);
    EXPECT_TRUE(result.has_value()) << result.error().message;
    return std::move(*result);
  }
  UnitFit fit(const std::vector<double>& x, FitOptions options = {}) const {
    const Covariates covariates = prepare(z_, labels_);
    options.covariates = &covariates;
    return fit_columns(MatrixView<const double>(x.data(), kSamples, 1), labels_, options).rows.at(0);
  }

  std::vector<std::uint8_t> labels_ = simulated::labels(kSamples, 50, 4);
  std::vector<double> z_, x_;
};

TEST_F(FitAdjusted, EffectColumnsStayUnadjusted) {
  const UnitFit plain = fit_columns(MatrixView<const double>(x_.data(), kSamples, 1), labels_).rows.at(0);
  const UnitFit adjusted = fit(x_);
  EXPECT_EQ(adjusted.status, FitStatus::kOk);
  EXPECT_EQ(adjusted.auc, plain.auc);
  EXPECT_EQ(adjusted.cohen_d, plain.cohen_d);
  EXPECT_EQ(adjusted.t_welch, plain.t_welch);
  EXPECT_EQ(adjusted.sd, plain.sd);
  EXPECT_GT(std::fabs(adjusted.beta - plain.beta), 1e-3);
  EXPECT_NE(adjusted.score_chi2, plain.score_chi2);
}

// One comparison sample lies so far out that the fit gives it log-odds beyond a thousand, which no exp in
// double takes: its loss must be counted whole. A covariate of pure noise changes next to nothing, so the
// ratio must be that of the fit without it.
TEST(FitAdjustedFar, TheLossOfAFarSampleIsCountedWhole) {
  constexpr std::size_t kMany = 8000;
  Random random(5);
  const std::vector<std::uint8_t> labels = simulated::labels(kMany, kMany / 2, 6);
  std::vector<double> x, noise;
  for (std::size_t i = 0; i < kMany; ++i) {
    x.push_back(simulated::normal(random) + 2.0 * labels[i]);
    noise.push_back(simulated::normal(random));
  }
  x[static_cast<std::size_t>(std::find(labels.begin(), labels.end(), 0) - labels.begin())] = 900;
  const std::vector<std::string> names = {"noise"};
  const auto covariates = Covariates::prepare({noise.data(), kMany, 1}, names, labels);
  ASSERT_TRUE(covariates.has_value());
  FitOptions options;
  options.covariates = &*covariates;
  const MatrixView<const double> column(x.data(), kMany, 1);
  const UnitFit plain = fit_columns(column, labels).rows.at(0);
  const UnitFit adjusted = fit_columns(column, labels, options).rows.at(0);
  ASSERT_GT(plain.alpha + plain.beta * 900, 900);
  EXPECT_NEAR(adjusted.beta / plain.beta, 1, 0.01);
  EXPECT_NEAR(adjusted.lrt_chi2 / plain.lrt_chi2, 1, 0.01);
}

// A combination of the covariates, added to the unit, is theirs to explain.
TEST_F(FitAdjusted, WhatCovariatesExplainIsNoneOfTheUnits) {
  std::vector<double> moved = x_;
  for (std::size_t i = 0; i < kSamples; ++i) moved[i] += 3.0 * z_[2 * i] - 0.5 * z_[2 * i + 1] + 7.0;
  const UnitFit a = fit(x_);
  const UnitFit b = fit(moved);
  EXPECT_NEAR(b.beta / a.beta, 1.0, 1e-9);
  EXPECT_NEAR(b.se / a.se, 1.0, 1e-9);
  EXPECT_NEAR(b.lrt_chi2 / a.lrt_chi2, 1.0, 1e-9);
  EXPECT_NEAR(b.score_chi2 / a.score_chi2, 1.0, 1e-9);
}

TEST_F(FitAdjusted, ScalesOfUnitAndCovariatesChangeWhatTheyMust) {
  const UnitFit a = fit(x_);
  for (std::size_t i = 0; i < kSamples; ++i) z_[2 * i] = -1e6 * z_[2 * i] + 3;
  for (const double scale : {1e-150, 1e-6, 1e6, 1e150}) {
    std::vector<double> scaled = x_;
    for (double& value : scaled) value *= scale;
    const UnitFit b = fit(scaled);
    EXPECT_EQ(b.status, FitStatus::kOk) << scale;
    EXPECT_NEAR(b.beta * scale / a.beta, 1.0, 1e-9) << scale;
    EXPECT_NEAR(b.lrt_chi2 / a.lrt_chi2, 1.0, 1e-9) << scale;
    EXPECT_NEAR(b.beta_sd / a.beta_sd, 1.0, 1e-9) << scale;
  }
}

TEST_F(FitAdjusted, SwappedLabelsNegateBeta) {
  const UnitFit a = fit(x_);
  for (std::uint8_t& label : labels_) label ^= 1;
  const UnitFit b = fit(x_);
  EXPECT_NEAR(b.beta / -a.beta, 1.0, 1e-9);
  EXPECT_NEAR(b.alpha / -a.alpha, 1.0, 1e-7);
  EXPECT_NEAR(b.lrt_chi2 / a.lrt_chi2, 1.0, 1e-9);
}

TEST_F(FitAdjusted, TheOrderOfSamplesChangesNothingBeyondRounding) {
  const UnitFit a = fit(x_, {.firth = Firth::kAlways, .intervals = Intervals::kProfile});
  std::vector<std::size_t> order(kSamples);
  std::iota(order.begin(), order.end(), 0);
  Random random(9);
  random.shuffle(std::span(order));
  const auto labels = labels_;
  const auto x = x_;
  const auto z = z_;
  for (std::size_t i = 0; i < kSamples; ++i) {
    labels_[i] = labels[order[i]];
    x_[i] = x[order[i]];
    z_[2 * i] = z[2 * order[i]];
    z_[2 * i + 1] = z[2 * order[i] + 1];
  }
  const UnitFit b = fit(x_, {.firth = Firth::kAlways, .intervals = Intervals::kProfile});
  EXPECT_NEAR(b.beta / a.beta, 1.0, 1e-10);
  EXPECT_NEAR(b.beta_lo / a.beta_lo, 1.0, 1e-9);
  EXPECT_NEAR(b.lrt_chi2 / a.lrt_chi2, 1.0, 1e-9);
}

TEST_F(FitAdjusted, AUnitMadeOfCovariatesIsConstantGivenThem) {
  std::vector<double> x(kSamples);
  for (std::size_t i = 0; i < kSamples; ++i) x[i] = 2.0 * z_[2 * i] - 0.25 * z_[2 * i + 1];
  const UnitFit unit = fit(x);
  EXPECT_EQ(unit.status, FitStatus::kConstant);
  EXPECT_TRUE(has_note(unit.note, FitNote::kCollinear));
  EXPECT_TRUE(std::isnan(unit.neglog10_p_rank));
  EXPECT_TRUE(std::isnan(unit.beta) && std::isnan(unit.neglog10_p_lrt) && std::isnan(unit.neglog10_p_score));
}

TEST_F(FitAdjusted, SeparationTogetherWithACovariateIsSeen) {
  std::vector<double> x(kSamples);
  Random random(3);
  for (std::size_t i = 0; i < kSamples; ++i)
    x[i] = z_[2 * i] + (labels_[i] != 0 ? 1.0 : -1.0) * (0.001 + random.uniform());
  EXPECT_EQ(fit_columns(MatrixView<const double>(x.data(), kSamples, 1), labels_).rows.at(0).status,
            FitStatus::kOk);
  const UnitFit unit = fit(x, {.intervals = Intervals::kProfile});
  EXPECT_EQ(unit.status, FitStatus::kSeparated);
  EXPECT_TRUE(std::isnan(unit.se) && std::isnan(unit.neglog10_p_wald));
  EXPECT_GT(unit.beta, 0);
  EXPECT_GT(unit.beta_lo, 0);
  EXPECT_GT(unit.beta_hi, unit.beta);
  const UnitFit never = fit(x, {.firth = Firth::kNever, .intervals = Intervals::kProfile});
  EXPECT_EQ(never.status, FitStatus::kSeparated);
  EXPECT_TRUE(std::isnan(never.beta) && std::isnan(never.lrt_chi2) && std::isnan(never.beta_lo));
  EXPECT_FALSE(std::isnan(never.score_chi2));
}

TEST_F(FitAdjusted, HardColumnsKeepTheirStatus) {
  std::vector<double> x(kSamples, 3.5);
  EXPECT_EQ(fit(x).status, FitStatus::kConstant);
  EXPECT_EQ(fit(x).note, FitNote::kNone);
  x = x_;
  x[5] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(fit(x).status, FitStatus::kNonFinite);
  x = x_;
  x[5] = 1e4;
  EXPECT_EQ(fit(x).status, FitStatus::kOk);
}

// Each sample a cluster of its own: White's heteroscedasticity-robust error, near the plain one when the
// model is true.
TEST_F(FitAdjusted, ClustersOfOneAreNearThePlainError) {
  std::vector<std::uint32_t> own(kSamples);
  std::iota(own.begin(), own.end(), 0u);
  const UnitFit unit = fit(x_, {.clusters = own, .n_clusters = kSamples});
  EXPECT_NEAR(unit.se_cluster / unit.se, 1.0, 0.25);
  // Every sample there twice over, as a cluster: the plain error shrinks by √2, the robust one does not.
  std::vector<double> x = x_;
  x.insert(x.end(), x_.begin(), x_.end());
  std::vector<double> z = z_;
  z.insert(z.end(), z_.begin(), z_.end());
  std::vector<std::uint8_t> labels = labels_;
  labels.insert(labels.end(), labels_.begin(), labels_.end());
  std::vector<std::uint32_t> twins = own;
  twins.insert(twins.end(), own.begin(), own.end());
  const Covariates covariates = prepare(z, labels);
  const FitOptions options{.covariates = &covariates, .clusters = twins, .n_clusters = kSamples};
  const UnitFit both =
      fit_columns(MatrixView<const double>(x.data(), 2 * kSamples, 1), labels, options).rows.at(0);
  EXPECT_NEAR(both.se / unit.se, std::sqrt(0.5), 1e-9);
  EXPECT_NEAR(both.se_cluster / unit.se_cluster, 1.0, 0.02);
}

TEST_F(FitAdjusted, ASeparatedUnitWithOneFarSampleMayBeMarkedBimodal) {
  std::vector<double> x(kSamples);
  Random random(8);
  for (std::size_t i = 0; i < kSamples; ++i) x[i] = random.uniform() + (labels_[i] != 0 ? 1.0 : -1.0);
  x[static_cast<std::size_t>(std::find(labels_.begin(), labels_.end(), 1) - labels_.begin())] = 1e5;
  const UnitFit unit = fit_columns(MatrixView<const double>(x.data(), kSamples, 1), labels_).rows.at(0);
  EXPECT_EQ(unit.status, FitStatus::kSeparated);
  EXPECT_EQ(unit.note, FitNote::kBimodal | FitNote::kOutlier);
  EXPECT_GT(unit.beta, 1.0) << "the maximum that follows the other samples is the higher one";
}

}  // namespace
}  // namespace penfield::association
