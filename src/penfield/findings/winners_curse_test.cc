#include "penfield/findings/winners_curse.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "penfield/base/random.h"

namespace penfield::findings {
namespace {

TEST(WinnersCurse, ShrinksMostJustBehindTheBorderAndNothingFarFromIt) {
  double before = 0;
  for (int i = 0; i < 5500; ++i) {
    const double z = 5.0 + 0.01 * i;
    const double mu = mean_given_passed(z, 5.0);
    EXPECT_GT(mu, 0) << z;
    EXPECT_LE(mu, z) << z;
    EXPECT_GE(mu, before) << z;
    before = mu;
  }
  EXPECT_LT(mean_given_passed(5.01, 5.0), 1.0);
  EXPECT_NEAR(mean_given_passed(60, 5.0), 60, 1e-12);
}

TEST(WinnersCurse, WithoutABorderNothingIsCorrected) {
  for (const double z : {0.0, 0.1, 1.0, 3.0}) EXPECT_NEAR(mean_given_passed(z, 0), z, 1e-12);
}

TEST(WinnersCurse, StaysFiniteWhereTheTailsUnderflow) {
  for (const double cut : {100.0, 1e3, 1e4}) {
    for (const double beyond : {0.0, 1e-3, 1.0, 100.0}) {
      const double mu = mean_given_passed(cut + beyond, cut);
      EXPECT_TRUE(mu > 0 && mu <= cut + beyond) << cut << ' ' << beyond;
    }
  }
}

// Of units of true mean 3, those beyond 3.5 have a mean of about 4.1, and the correction of that mean is 3
// again. One by one, values at the border are corrected too far and the mean lies below 3 (as Zhong &
// Prentice found), but nearer than without.
TEST(WinnersCurse, UndoesTheBiasOfSelection) {
  Random random(7);
  double plain = 0;
  double corrected = 0;
  int n_passed = 0;
  while (n_passed < 20000) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
    const double z = 3.0 + radius * std::cos(2.0 * std::numbers::pi * random.uniform());
    if (std::fabs(z) <= 3.5) continue;
    plain += z;
    corrected += mean_given_passed(std::fabs(z), 3.5);
    ++n_passed;
  }
  EXPECT_GT(plain / n_passed, 4.0);
  EXPECT_NEAR(mean_given_passed(plain / n_passed, 3.5), 3.0, 0.05);
  EXPECT_LT(corrected / n_passed, 3.0);
  EXPECT_LT(3.0 - corrected / n_passed, plain / n_passed - 3.0);
}

}  // namespace
}  // namespace penfield::findings
