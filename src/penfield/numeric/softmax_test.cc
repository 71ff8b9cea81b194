#include "penfield/numeric/softmax.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::numeric {
namespace {

// The largest relative error of the kernel, run `offset` floats off alignment, over weights >= 1e-30.
double error(const std::vector<float>& scores, std::size_t offset, float scale) {
  std::vector<float> row(offset, 77.0f);
  row.insert(row.end(), scores.begin(), scores.end());
  row.push_back(77.0f);
  softmax(std::span(row).subspan(offset, scores.size()), scale);
  EXPECT_EQ(row.back(), 77.0f);
  EXPECT_EQ(std::count(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(offset), 77.0f),
            static_cast<std::ptrdiff_t>(offset));
  std::vector<double> exact(scores.size());
  softmax_scalar(scores, static_cast<double>(scale), exact);
  double worst = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto found = static_cast<double>(row[offset + i]);
    if (exact[i] >= 1e-30) worst = std::max(worst, std::abs(found / exact[i] - 1));
    EXPECT_GE(found, 0);
    EXPECT_LE(found, exact[i] + 1e-6);
  }
  return worst;
}

std::vector<float> scores(std::size_t n, double spread, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(spread * (random.uniform() - 0.5));
  return values;
}

TEST(Softmax, EveryLengthAndAlignment) {
  for_each_simd_target([](std::int64_t) {
    for (std::size_t n = 1; n <= 33; ++n) {
      for (std::size_t offset = 0; offset < 4; ++offset)
        EXPECT_LE(error(scores(n, 20, n), offset, 0.125f), 1e-6);
    }
    EXPECT_LE(error(scores(1024, 40, 5), 0, 1.0f), 1e-5);
    EXPECT_LE(error(scores(1024, 8, 5), 0, 1.0f), 1e-6);
  });
}

TEST(Softmax, LargeScoresDoNotOverflow) {
  for_each_simd_target([](std::int64_t) {
    std::vector<float> row = {30000.0f, -30000.0f, 29999.0f};
    softmax(row, 1.0f);
    EXPECT_NEAR(row[0], 0.7310586f, 1e-6f);
    EXPECT_EQ(row[1], 0.0f);
    EXPECT_NEAR(row[2], 0.2689414f, 1e-6f);
    std::vector<float> low(17, -1e30f);
    softmax(low, 3.0f);
    for (const float weight : low) EXPECT_NEAR(weight, 1.0f / 17, 1e-7f);
  });
}

TEST(SoftCap, EveryLengthAndAlignment) {
  for_each_simd_target([](std::int64_t) {
    for (std::size_t n = 0; n <= 33; ++n) {
      for (std::size_t offset = 0; offset < 4; ++offset) {
        const std::vector<float> before = scores(n + offset + 1, 3000, n + 1);
        std::vector<float> row = before;
        soft_cap(std::span(row).subspan(offset, n), 0.25f, 50.0f);
        for (std::size_t i = 0; i < row.size(); ++i) {
          const auto x = static_cast<double>(before[i]);
          const bool is_inside = i >= offset && i < offset + n;
          EXPECT_NEAR(static_cast<double>(row[i]), is_inside ? 50 * std::tanh(0.25 * x / 50) : x, 5e-5);
        }
      }
    }
  });
}

}  // namespace
}  // namespace penfield::numeric
