#include "penfield/numeric/distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace penfield::numeric {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(Distributions, KnownValues) {
  EXPECT_NEAR(neglog10_p_normal(1.959963984540054), -std::log10(0.05), 1e-15);
  EXPECT_NEAR(neglog10_p_chi2_1df(3.841458820694124), -std::log10(0.05), 1e-15);
  EXPECT_NEAR(neglog10_p_student_t(1.0, 1.0), -std::log10(0.5), 1e-15);  // Cauchy
  EXPECT_NEAR(neglog10_p_student_t(std::sqrt(2.0), 2.0), -std::log10(1 - std::sqrt(0.5)), 1e-15);
}

TEST(Distributions, FiniteFarBeyondTheSmallestDouble) {
  EXPECT_NEAR(neglog10_p_normal(679.0) / 100110.0, 1.0, 1e-3);
  EXPECT_TRUE(std::isfinite(neglog10_p_normal(1e150)));
  EXPECT_TRUE(std::isfinite(neglog10_p_chi2_1df(1e300)));
  EXPECT_TRUE(std::isfinite(neglog10_p_student_t(1e300, 1e7)));
}

TEST(Distributions, OrderIsKeptWhereBranchesMeet) {
  for (const double df : {1.0, 7.5, 438.0, 1e6}) {
    double last = 0;
    double t = 1e-3;
    while (t < 1e4) {
      const double now = neglog10_p_student_t(t, df);
      ASSERT_GT(now, last) << "t = " << t << ", df = " << df;
      last = now;
      t *= 1.0005;
    }
  }
  double last = 0;
  double z = 1e-3;
  while (z < 1e4) {
    const double now = neglog10_p_normal(z);
    ASSERT_GT(now, last) << "z = " << z;
    last = now;
    z *= 1.0001;
  }
}

TEST(Distributions, EdgesOfTheDomain) {
  EXPECT_EQ(neglog10_p_normal(0.0), 0.0);
  EXPECT_EQ(neglog10_p_chi2_1df(0.0), 0.0);
  EXPECT_EQ(neglog10_p_chi2_1df(-1e-18), 0.0);
  EXPECT_EQ(neglog10_p_student_t(0.0, 5.0), 0.0);
  EXPECT_EQ(neglog10_p_normal(-kInfinity), kInfinity);
  EXPECT_EQ(neglog10_p_chi2_1df(kInfinity), kInfinity);
  EXPECT_EQ(neglog10_p_student_t(kInfinity, 5.0), kInfinity);
  EXPECT_TRUE(std::isnan(neglog10_p_normal(kNaN)));
  EXPECT_TRUE(std::isnan(neglog10_p_chi2_1df(kNaN)));
  EXPECT_TRUE(std::isnan(neglog10_p_student_t(kNaN, 5.0)));
  EXPECT_TRUE(std::isnan(neglog10_p_student_t(1.0, 0.0)));
  EXPECT_TRUE(std::isnan(neglog10_p_student_t(1.0, kNaN)));
}

}  // namespace
}  // namespace penfield::numeric
