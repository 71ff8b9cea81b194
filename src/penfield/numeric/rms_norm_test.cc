#include "penfield/numeric/rms_norm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::numeric {
namespace {

std::vector<float> uniform(Random& random, std::size_t n, double lowest, double highest) {
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(lowest + (highest - lowest) * random.uniform());
  return values;
}

// max|Δ| / max|out| between the kernel, run `offset` floats off alignment, and its twin.
double error(const std::vector<float>& x, std::size_t offset, float gain_offset, Random& random) {
  const std::size_t n = x.size();
  const std::vector<float> gain = uniform(random, n, 0.5, 2);
  std::vector<float> in(n + offset), out(n + offset + 1, 77.0f);
  std::copy(x.begin(), x.end(), in.begin() + static_cast<std::ptrdiff_t>(offset));
  rms_norm(std::span(in).subspan(offset), gain, gain_offset, 1e-6f, std::span(out).subspan(offset, n));
  EXPECT_EQ(out.back(), 77.0f);
  std::vector<double> exact(n);
  rms_norm_scalar(x, gain, static_cast<double>(gain_offset), static_cast<double>(1e-6f), exact);
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(out[offset + i]) - exact[i]));
    largest = std::max(largest, std::abs(exact[i]));
  }
  std::vector<float> in_place = in;
  const auto row = std::span(in_place).subspan(offset);
  rms_norm(row, gain, gain_offset, 1e-6f, row);
  EXPECT_TRUE(std::equal(row.begin(), row.end(), out.begin() + static_cast<std::ptrdiff_t>(offset)));
  return worst / largest;
}

TEST(RmsNorm, EveryLengthAndAlignment) {
  for_each_simd_target([](std::int64_t) {
    Random random(1);
    for (std::size_t n = 1; n <= 33; ++n) {
      for (std::size_t offset = 0; offset < 4; ++offset) {
        EXPECT_LE(error(uniform(random, n, -3, 3), offset, 0, random), 3e-7) << n << " values";
        EXPECT_LE(error(uniform(random, n, -3, 3), offset, 1, random), 3e-7) << n << " values";
      }
    }
    EXPECT_LE(error(uniform(random, 4096, -3, 3), 0, 0, random), 3e-7);
  });
}

// A few coordinates thousands of times as large as the rest, as in the residual stream of trained models.
TEST(RmsNorm, LargeCoordinates) {
  for_each_simd_target([](std::int64_t) {
    Random random(2);
    std::vector<float> x = uniform(random, 1024, -1, 1);
    x[17] = 3000;
    x[900] = -5000;
    EXPECT_LE(error(x, 0, 0, random), 3e-7);
  });
}

TEST(RmsNorm, TheTwinIsTheFormula) {
  std::vector<double> out(2);
  rms_norm_scalar(std::vector<float>{3, -4}, std::vector<float>{2, 1}, 0, 0, out);
  EXPECT_NEAR(out[0], 6 / std::sqrt(12.5), 1e-15);
  EXPECT_NEAR(out[1], -4 / std::sqrt(12.5), 1e-15);
  rms_norm_scalar(std::vector<float>{3, -4}, std::vector<float>{2, 1}, 1, 12.5, out);
  EXPECT_NEAR(out[0], 9 / 5.0, 1e-15);
  EXPECT_NEAR(out[1], -8 / 5.0, 1e-15);
}

}  // namespace
}  // namespace penfield::numeric
