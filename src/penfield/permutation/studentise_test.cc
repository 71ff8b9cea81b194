#include "penfield/permutation/studentise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::permutation {
namespace {

// The definition, rounded after each operation as the kernel is.
float plain(const StudentisedGroups& groups, float s, float q) {
  const float n1 = groups.n_target, n0 = groups.n_comparison;
  const float per_item = 1 / n1 + 1 / n0;
  const float s2 = s * s;
  const float within1 = q - s2 * (1 / n1);
  const float within0 = (n1 + n0 - 1 - q) - s2 * (1 / n0);
  const float error = within1 * (1 / (n1 * (n1 - 1))) + within0 * (1 / (n0 * (n0 - 1)));
  return s * per_item / std::sqrt(std::fmax(error, 1e-6f * per_item));
}

TEST(Studentise, EveryTargetGivesTheBitsOfThePlainTwin) {
  const StudentisedGroups groups{.n_target = 31, .n_comparison = 78};
  numeric::for_each_simd_target([&](std::int64_t) {
    Random random(7);
    for (std::size_t n = 0; n < 70; ++n) {
      std::vector<float> sums(n + 1), squares(n + 1), expected(n + 1);
      for (std::size_t i = 0; i <= n; ++i) {
        sums[i] = static_cast<float>(random.uniform() * 30 - 15);
        squares[i] = static_cast<float>(random.uniform() * 108);
        expected[i] = i < n ? plain(groups, sums[i], squares[i]) : sums[i];
      }
      studentise(groups, sums.data(), squares.data(), n);
      EXPECT_EQ(std::memcmp(sums.data(), expected.data(), (n + 1) * sizeof(float)), 0) << n;
    }
  });
}

TEST(Studentise, AColumnThatIsTheLabelItselfHasALargeStatisticAndNoInfiniteOne) {
  const StudentisedGroups groups{.n_target = 10, .n_comparison = 10};
  float sum = 10 * std::sqrt(19.0f / 20), squares = 10 * 19.0f / 20;
  studentise(groups, &sum, &squares, 1);
  EXPECT_GT(sum, 1e3f);
  EXPECT_LT(sum, 1e4f);
}

}  // namespace
}  // namespace penfield::permutation
