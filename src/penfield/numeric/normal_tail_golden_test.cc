// Against mpmath; see tools/make_held_out_goldens.py.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "penfield/numeric/distributions.h"
#include "penfield/numeric/normal_tail.h"

namespace penfield::numeric {
namespace {

double relative(double got, double want) {
  return got == want ? 0.0 : std::fabs(got - want) / std::fabs(want);
}

TEST(NormalTailGolden, FiftyDigitReference) {
  std::ifstream in("tests/golden/numeric/normal_tail.tsv");
  std::string line;
  ASSERT_TRUE(std::getline(in, line));  // versions
  ASSERT_TRUE(std::getline(in, line));
  ASSERT_EQ(line, "z\tneglog10_p\tinverse_mills");
  double worst_z = 0;
  double worst_mills = 0;
  int n_rows = 0;
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    double z = 0;
    double neglog10_p = 0;
    double mills = 0;
    ASSERT_TRUE(fields >> z >> neglog10_p >> mills) << line;
    const double got = inverse_mills(z);
    EXPECT_LE(relative(got, mills), z < -3 ? 1e-13 : 2e-15) << z;
    if (z >= -3) worst_mills = std::max(worst_mills, relative(got, mills));
    if (z >= 0) {
      EXPECT_LE(relative(normal_z_of_neglog10_p(neglog10_p), z), 1e-15) << z;
      worst_z = std::max(worst_z, relative(normal_z_of_neglog10_p(neglog10_p), z));
    }
    ++n_rows;
  }
  EXPECT_EQ(n_rows, 23);
  std::printf("worst: z %.2g, inverse Mills %.2g\n", worst_z, worst_mills);
}

TEST(NormalTail, IsTheInverseOfTheP) {
  double z = 1e-3;
  while (z < 1e6) {
    EXPECT_LE(relative(normal_z_of_neglog10_p(neglog10_p_normal(z)), z), 1e-14) << z;
    z *= 1.37;
  }
}

TEST(NormalTail, OddArguments) {
  EXPECT_EQ(normal_z_of_neglog10_p(0), 0);
  EXPECT_EQ(normal_z_of_neglog10_p(-1), 0);
  EXPECT_TRUE(std::isnan(normal_z_of_neglog10_p(std::nan(""))));
  EXPECT_TRUE(std::isinf(normal_z_of_neglog10_p(std::numeric_limits<double>::infinity())));
  EXPECT_EQ(inverse_mills(-50), 0);
  EXPECT_TRUE(std::isnan(inverse_mills(std::nan(""))));
}

}  // namespace
}  // namespace penfield::numeric
