#include "penfield/numeric/student_t_quantile.h"

#include <gtest/gtest.h>

#include <cmath>

#include "penfield/numeric/distributions.h"

namespace penfield::numeric {
namespace {

TEST(StudentTQuantile, IsTheInverseOfTheTail) {
  for (const double df : {1.0, 2.5, 10.0, 79.3, 1e6}) {
    for (const double p : {0.95, 0.975, 0.9999}) {
      const double tail = std::pow(10, -neglog10_p_student_t(student_t_quantile(p, df), df)) / 2;
      EXPECT_NEAR(tail, 1 - p, 1e-12) << df;
    }
  }
  EXPECT_NEAR(student_t_quantile(0.975, 10), 2.228138851986274, 1e-13);  // scipy.stats.t.ppf, SciPy 1.17.1
}

}  // namespace
}  // namespace penfield::numeric
