// χ² and λ against values of R's qchisq(p, 1, lower.tail = FALSE).
#include <gtest/gtest.h>

#include <cmath>

#include "penfield/report/figures/kinds.h"

namespace penfield::report {
namespace {

TEST(Chi2Of, KnownQuantiles) {
  EXPECT_EQ(chi2_of(0), 0);
  EXPECT_NEAR(chi2_of(-std::log10(0.5)), 0.454936423119572, 1e-12);
  EXPECT_NEAR(chi2_of(-std::log10(0.05)), 3.84145882069412, 1e-12);
  EXPECT_TRUE(std::isnan(chi2_of(association::UnitFit::kNone)));
}

TEST(Chi2Of, ContinuesWhereDoublesEnd) {
  // The exact quantile and the tail's expansion meet at 290.
  const double below = chi2_of(289.999), above = chi2_of(290.001);
  EXPECT_NEAR((above - below) / 0.002, 2 * std::log(10.0), 0.02);
  EXPECT_GT(chi2_of(1e5), 4.6e5);
  EXPECT_LT(chi2_of(1e5), 2e5 * std::log(10.0));
}

TEST(Inflation, IsOneForUniformP) {
  std::vector<double> uniform;
  uniform.reserve(9999);
  for (int i = 0; i < 9999; ++i) uniform.push_back(-std::log10((i + 0.5) / 9999));
  EXPECT_NEAR(inflation(uniform), 1, 1e-3);
  for (double& value : uniform) value *= 3;
  EXPECT_GT(inflation(uniform), 3);
  EXPECT_TRUE(std::isnan(inflation({})));
}

}  // namespace
}  // namespace penfield::report
