#include "penfield/association/scalar/sample_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/base/random.h"

namespace penfield::association {
namespace {

template <class T>
class SampleOrderTest : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(SampleOrderTest, Types);

TYPED_TEST(SampleOrderTest, IsThatOfAStableSort) {
  using T = TypeParam;
  constexpr std::size_t kStride = 3;
  Random random(3);
  SampleOrder<T> order;
  for (const std::size_t n : {0u, 1u, 2u, 17u, 440u, 70'000u}) {
    for (const double step : {0.0, 0.5}) {
      std::vector<T> x(n * kStride);
      for (T& value : x) {
        const double scale = std::pow(10.0, static_cast<double>(random.below(20)) - 10.0);
        const double v = simulated::normal(random);
        value = static_cast<T>(step == 0 ? scale * v : std::round(v / step) * step);
      }
      if (n > 2) x[kStride] = T{-0.0};
      std::vector<std::uint32_t> want(n);
      std::iota(want.begin(), want.end(), 0u);
      std::stable_sort(want.begin(), want.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return x[a * kStride] < x[b * kStride]; });
      const auto got = order.sort(x.data(), n, kStride);
      EXPECT_TRUE(std::equal(got.begin(), got.end(), want.begin(), want.end())) << n;
    }
  }
}

// scipy 1.17.1: norm.ppf((rankdata([3, 1, 4, 1, 5]) - 0.5)/5).
TEST(NormalScores, AreThoseOfMidranks) {
  const std::vector<double> x = {3, 1, 4, 1, 5};
  std::vector<double> scores(5);
  SampleOrder<double> order;
  NormalScores(5).fill(order.sort(x.data(), 5, 1), x.data(), 1, scores.data());
  const std::vector<double> want = {0.0, -0.8416212335729142, 0.5244005127080407, -0.8416212335729142,
                                    1.2815515655446004};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(scores[i], want[i], 1e-15) << i;
}

}  // namespace
}  // namespace penfield::association
