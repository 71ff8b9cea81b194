// Covariates that alone tell the group of some samples, against 50-digit arithmetic
// (tools/make_limit_goldens.py): the limit of maximum likelihood, and Firth's estimate.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "penfield/association/adjusted_cases_for_tests.h"

namespace penfield::association {
namespace {

TEST(LimitGolden, MaximumLikelihoodOfTheSamplesThatTheCovariatesDoNotSeparate) {
  const std::map<std::string, golden::Row> expected = golden::read_rows("limit_reference.tsv", nullptr);
  golden::FewestDigits fewest;
  std::size_t n_cases = 0;
  for (const golden::Case& data : golden::read_cases("limit_columns.tsv")) {
    const golden::Row& want = expected.at(data.name);
    for (const Firth firth : {Firth::kSeparated, Firth::kNever}) {
      const UnitFit fit = golden::fit_of(data, firth, Intervals::kProfile);
      EXPECT_EQ(status_name(fit.status), "ok") << data.name;
      EXPECT_TRUE(has_note(fit.note, FitNote::kLimit)) << data.name;
      fewest.add(data.name, "alpha", fit.alpha, want.at("alpha"), 9.0);
      fewest.add(data.name, "beta", fit.beta, want.at("beta"), 10.0);
      fewest.add(data.name, "se", fit.se, want.at("se"), 10.0);
      fewest.add(data.name, "lrt_chi2", fit.lrt_chi2, want.at("lrt_chi2"), 9.0);
      fewest.add(data.name, "neglog10_p_lrt", fit.neglog10_p_lrt, want.at("neglog10_p_lrt"), 9.0);
      fewest.add(data.name, "score_chi2", fit.score_chi2, want.at("score_chi2"), 9.0);
      EXPECT_LT(fit.beta_lo, fit.beta) << data.name;
      EXPECT_GT(fit.beta_hi, fit.beta) << data.name;
    }
    ++n_cases;
  }
  EXPECT_EQ(n_cases, expected.size());
}

TEST(LimitGolden, FirthsEstimateOfAllSamples) {
  const std::map<std::string, golden::Row> expected = golden::read_rows("limit_reference.tsv", nullptr);
  golden::FewestDigits fewest;
  for (const golden::Case& data : golden::read_cases("limit_columns.tsv")) {
    const UnitFit fit = golden::fit_of(data, Firth::kAlways, Intervals::kNone);
    EXPECT_EQ(status_name(fit.status), "ok") << data.name;
    EXPECT_FALSE(has_note(fit.note, FitNote::kLimit)) << data.name;
    fewest.add(data.name, "firth_beta", fit.beta, expected.at(data.name).at("firth_beta"), 8.0);
    fewest.add(data.name, "firth_chi2", fit.lrt_chi2, expected.at(data.name).at("firth_chi2"), 8.0);
  }
}

// A unit that separates the samples by itself has neither maximum nor limit, and Firth's estimate by default.
TEST(LimitGolden, AUnitThatSeparatesToo) {
  for (golden::Case data : golden::read_cases("limit_columns.tsv")) {
    for (std::size_t i = 0; i < data.n(); ++i)
      data.x[i] = (i < data.n_target ? 1.0 : -1.0) * (0.1 + std::fabs(data.x[i]));
    const UnitFit fit = golden::fit_of(data, Firth::kSeparated, Intervals::kNone);
    EXPECT_EQ(fit.status, FitStatus::kSeparated) << data.name;
    EXPECT_FALSE(has_note(fit.note, FitNote::kLimit)) << data.name;
    EXPECT_GT(fit.beta, 0) << data.name;
    EXPECT_TRUE(std::isnan(fit.se)) << data.name;
    const UnitFit always = golden::fit_of(data, Firth::kAlways, Intervals::kNone);
    EXPECT_EQ(always.beta, fit.beta) << data.name;
    EXPECT_TRUE(std::isnan(golden::fit_of(data, Firth::kNever, Intervals::kNone).beta)) << data.name;
  }
}

// Each sample is a cluster: those that are separated have no residual, and no part in the error.
TEST(LimitGolden, ClustersAreThoseOfTheSamplesThatAreLeft) {
  for (golden::Case data : golden::read_cases("limit_columns.tsv")) {
    for (std::uint32_t i = 0; i < data.n(); ++i) data.clusters.push_back(i);
    const UnitFit fit = golden::fit_of(data, Firth::kSeparated, Intervals::kNone);
    EXPECT_NEAR(fit.se_cluster / fit.se, 1.0, 0.3) << data.name;
  }
}

}  // namespace
}  // namespace penfield::association
