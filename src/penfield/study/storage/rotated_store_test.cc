#include "penfield/study/storage/rotated_store.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "penfield/base/random.h"

namespace penfield::study {
namespace {

TEST(RotatedStore, KeepsLengthsAndAnglesOfRows) {
  constexpr std::size_t kColumns = 37;
  std::vector<float> values(3 * kColumns);
  Random random(1);
  for (float& value : values) value = static_cast<float>(random.uniform() - 0.5);
  const auto product = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t c = 0; c < kColumns; ++c)
      sum += static_cast<double>(values[a * kColumns + c]) * values[b * kColumns + c];
    return sum;
  };
  const double before[] = {product(0, 0), product(0, 1), product(1, 2)};
  ASSERT_TRUE(rotate_columns({values.data(), 3, kColumns}, 7));
  EXPECT_NEAR(product(0, 0), before[0], 1e-5);
  EXPECT_NEAR(product(0, 1), before[1], 1e-5);
  EXPECT_NEAR(product(1, 2), before[2], 1e-5);
}

TEST(RotatedStore, MakesEveryUnitAMixtureOfAll) {
  constexpr std::size_t kColumns = 64;
  std::vector<float> values(kColumns * kColumns, 0.0f);  // the identity: its rows become those of the mixture
  for (std::size_t i = 0; i < kColumns; ++i) values[i * kColumns + i] = 1;
  ASSERT_TRUE(rotate_columns({values.data(), kColumns, kColumns}, 3));
  for (std::size_t r = 0; r < kColumns; ++r) {
    float largest = 0;
    int n_small = 0;
    for (std::size_t c = 0; c < kColumns; ++c) {
      largest = std::max(largest, std::abs(values[r * kColumns + c]));
      n_small += std::abs(values[r * kColumns + c]) < 1e-3f;
    }
    EXPECT_LT(largest, 0.8f) << r;
    EXPECT_LT(n_small, 20) << r;
  }
}

TEST(RotatedStore, LeavesOutColumnsThatAreNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  std::vector<float> seven = {nan, 1, 2, 3, 0.5f, 4, -5, 0, 6, 7, 8, -inf, 9, 1};
  std::vector<float> finite = {1, 2, 3, 4, -5, 6, 7, 8, 9, 1};
  ASSERT_TRUE(rotate_columns({seven.data(), 2, 7}, 5).has_value());
  ASSERT_TRUE(rotate_columns({finite.data(), 2, 5}, 5).has_value());
  std::vector<float> mixed;
  for (const std::size_t row : {0u, 7u}) {
    for (const std::size_t column : {1u, 2u, 3u, 5u, 6u}) mixed.push_back(seven[row + column]);
  }
  EXPECT_EQ(mixed, finite);
  EXPECT_TRUE(std::isnan(seven[0]));
  EXPECT_EQ(seven[7], 0);
  EXPECT_EQ(seven[4], 0.5f);
  EXPECT_EQ(seven[11], -inf);
}

TEST(RotatedStore, DependsOnTheSeedAlone) {
  std::vector<float> a(20), b(20);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = b[i] = static_cast<float>(i);
  ASSERT_TRUE(rotate_columns({a.data(), 2, 10}, 5));
  ASSERT_TRUE(rotate_columns({b.data(), 2, 10}, 5));
  EXPECT_EQ(a, b);
  ASSERT_TRUE(rotate_columns({b.data(), 2, 10}, 6));
  EXPECT_NE(a, b);
}

TEST(RotatedStore, StopsBetweenRows) {
  std::vector<float> values(20, 1.0f);
  std::stop_source source;
  source.request_stop();
  const auto rotated = rotate_columns({values.data(), 2, 10}, 5, Watch({}, source.get_token()));
  ASSERT_FALSE(rotated);
  EXPECT_EQ(rotated.error().kind, ErrorKind::kInterrupted);
  EXPECT_EQ(values, std::vector<float>(20, 1.0f));
}

}  // namespace
}  // namespace penfield::study
