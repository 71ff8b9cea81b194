// Profile intervals of Firth's estimate under separation beside a covariate, where the penalised likelihood
// has several maxima over the covariate's coefficients.
#include "penfield/association/scalar/profile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "penfield/association/scalar/covariates.h"
#include "penfield/association/scalar/firth.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"

namespace penfield::association {
namespace {

// At an end, no climb may reach higher than 2Δℓ = χ²(1)'s 0.95 quantile below the estimate; from the wrong
// starts two of three upper ends were too near, or not found.
TEST(ProfileInterval, NoClimbReachesHigherThanTheEndsOfSeparatedUnits) {
  constexpr std::size_t kTargets = 20, kSamples = 45;
  std::vector<std::uint8_t> labels(kSamples, 0);
  std::fill_n(labels.begin(), kTargets, std::uint8_t{1});
  const std::vector<std::string> names = {"z"};
  AdjustedScratch scratch;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Random random(seed);
    std::vector<double> values, x;
    for (std::size_t i = 0; i < kSamples; ++i) {
      values.push_back(simulated::normal(random));
      x.push_back((labels[i] != 0 ? 1.0 : -1.0) * (0.05 + 3.0 * random.uniform()));
    }
    const auto covariates = Covariates::prepare({values.data(), kSamples, 1}, names, labels);
    ASSERT_TRUE(covariates.has_value());
    const Design design = covariates->design(x);
    const FirthFit firth = fit_adjusted_firth(design, covariates->null_theta(), scratch);
    ASSERT_EQ(firth.fit.outcome, Outcome::kConverged) << seed;
    const Interval interval = profile_interval(design, firth.fit, Penalty::kFirth, scratch);
    for (const double end : {interval.lo, interval.hi}) {
      ASSERT_TRUE(std::isfinite(end)) << seed;
      double highest = -HUGE_VAL;
      for (int k = 0; k < 12; ++k) {
        std::vector<double> start = firth.fit.theta;
        for (double& part : start)
          part = k == 0 ? part * end / firth.fit.theta.back() : end * simulated::normal(random) / 2;
        start.back() = end;
        const AdjustedFit at = maximise(design, start, Slope::kHeld, Penalty::kFirth, scratch);
        if (at.outcome == Outcome::kConverged) highest = std::max(highest, at.objective);
      }
      EXPECT_GE(2 * (firth.fit.objective - highest), 3.8414588 - 1e-5) << seed << " end " << end;
    }
  }
}

}  // namespace
}  // namespace penfield::association
