#include "penfield/numeric/exp.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "penfield/base/random.h"

namespace penfield::numeric {
namespace {

// In units of the last place of the result; the reference has 11 bits more.
double error_in_ulp(double got, double x) {
  const long double want = std::exp(static_cast<long double>(x));
  const auto nearest = static_cast<double>(want);
  const double ulp = std::nextafter(nearest, INFINITY) - nearest;
  return static_cast<double>(std::fabs(static_cast<long double>(got) - want) / static_cast<long double>(ulp));
}

std::vector<double> arguments() {
  Random random(1);
  std::vector<double> x = {
      0.0, -0.0, 1e-300, -1e-17, 1.0, -1.0, 700.0, -700.0, 0.34657359027997264, 0.34657359027997270};
  for (int i = 0; i < 400000; ++i) {
    const double u = 2.0 * random.uniform() - 1.0;
    x.push_back(i % 2 == 0 ? 700.0 * u : 8.0 * u);
  }
  return x;
}

// Every set of instructions that this machine has.
TEST(ExpBounded, ErrorAgainstAWiderFloat) {
  const std::vector<double> x = arguments();
  std::vector<double> out(x.size());
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(static_cast<std::int64_t>(target));
    exp_bounded(x, out);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, error_in_ulp(out[i], x[i]));
    std::printf("%s: max error %.3f ULP\n", hwy::TargetName(target), worst);
    EXPECT_LE(worst, 1.2) << hwy::TargetName(target);
  }
  hwy::SetSupportedTargetsForTest(0);
}

TEST(ExpBounded, EveryLengthAndMisalignment) {
  const std::vector<double> x = arguments();
  std::vector<double> all(x.size());
  exp_bounded(x, all);
  for (std::size_t first = 0; first < 3; ++first) {
    for (std::size_t n = 0; n < 40; ++n) {
      std::vector<double> out(n);
      exp_bounded(std::span(x).subspan(first, n), out);
      EXPECT_TRUE(std::equal(out.begin(), out.end(), all.begin() + static_cast<std::ptrdiff_t>(first)));
    }
  }
}

}  // namespace
}  // namespace penfield::numeric
