// Separation beside covariates where targets are rare: what the climbs must say of it, and where they must
// end.
#include "penfield/association/scalar/adjusted_logistic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <numeric>

#include "penfield/association/scalar/firth.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"

namespace penfield::association {
namespace {

constexpr std::size_t kSamples = 1000, kTargets = 20, kShared = 3;

// An intercept and two normal covariates.
std::vector<double> shared_columns(std::uint64_t seed) {
  Random random(seed);
  std::vector<double> out(kSamples * kShared, 1.0);
  for (std::size_t i = 0; i < kSamples; ++i) {
    out[i * kShared + 1] = simulated::normal(random);
    out[i * kShared + 2] = simulated::normal(random);
  }
  return out;
}

std::vector<double> standardised(std::vector<double> x) {
  const double mean = std::accumulate(x.begin(), x.end(), 0.0) / kSamples;
  double ss = 0;
  for (double& value : x) {
    value -= mean;
    ss += value * value;
  }
  for (double& value : x) value /= std::sqrt(ss / (kSamples - 1));
  return x;
}

// One on these targets, and nowhere else.
std::vector<double> sparse_column(std::initializer_list<std::size_t> ones) {
  std::vector<double> x(kSamples, 0.0);
  for (const std::size_t i : ones) x[i] = 1.0;
  return standardised(std::move(x));
}

const std::vector<double> kNull = {std::log(static_cast<double>(kTargets) / (kSamples - kTargets)), 0, 0, 0};

// Where the weights of such targets have sunk below rounding, Newton's step may look as if it had come to
// rest.
TEST(AdjustedLogistic, AColumnOfTargetsAloneIsNeverTakenForAMaximum) {
  AdjustedScratch scratch;
  const std::vector<double> shared = shared_columns(1);
  for (std::size_t i = 1; i < kTargets; ++i) {
    for (std::size_t k = i + 1; k < kTargets; ++k) {
      const std::vector<double> z = sparse_column({0, i, k});
      const AdjustedFit fit =
          maximise({shared, kShared, z, kTargets}, kNull, Slope::kFree, Penalty::kNone, scratch);
      EXPECT_EQ(fit.outcome, Outcome::kQuasiSeparated) << i << " " << k;
    }
  }
}

// With seed 528 the parts of the objective cancel to 6e-4, so that its rounding is more than 1e-13 of it.
TEST(AdjustedLogistic, FirthEndsWhereTargetsAreRare) {
  AdjustedScratch scratch;
  for (const std::uint64_t seed : {1, 2, 3, 528}) {
    const std::vector<double> shared = shared_columns(seed);
    std::vector<double> apart(kSamples);
    Random random(seed + 100);
    for (std::size_t i = 0; i < kSamples; ++i) apart[i] = simulated::normal(random) + (i < kTargets ? 12 : 0);
    for (const std::vector<double>& z : {standardised(apart), sparse_column({0, 1, 2})}) {
      const FirthFit firth = fit_adjusted_firth({shared, kShared, z, kTargets}, kNull, scratch);
      ASSERT_EQ(firth.fit.outcome, Outcome::kConverged) << seed;
      EXPECT_GT(firth.fit.theta.back(), 0) << seed;
      EXPECT_LT(firth.fit.theta.back(), 20) << seed;
      EXPECT_GT(firth.chi2, 0) << seed;
    }
  }
}

}  // namespace
}  // namespace penfield::association
