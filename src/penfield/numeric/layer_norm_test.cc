#include "penfield/numeric/layer_norm.h"

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
double error(const std::vector<float>& x, std::size_t offset, Random& random) {
  const std::size_t n = x.size();
  const std::vector<float> gain = uniform(random, n, 0.5, 2), shift = uniform(random, n, -0.5, 0.5);
  std::vector<float> in(n + offset), out(n + offset + 1, 77.0f);
  std::copy(x.begin(), x.end(), in.begin() + static_cast<std::ptrdiff_t>(offset));
  layer_norm(std::span(in).subspan(offset), gain, shift, 1e-5f, std::span(out).subspan(offset, n));
  EXPECT_EQ(out.back(), 77.0f);
  std::vector<double> exact(n);
  layer_norm_scalar(x, gain, shift, static_cast<double>(1e-5f), exact);
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    worst = std::max(worst, std::abs(static_cast<double>(out[offset + i]) - exact[i]));
    largest = std::max(largest, std::abs(exact[i]));
  }
  std::vector<float> in_place = in;
  layer_norm(std::span(in_place).subspan(offset), gain, shift, 1e-5f, std::span(in_place).subspan(offset));
  EXPECT_TRUE(std::equal(in_place.begin() + static_cast<std::ptrdiff_t>(offset), in_place.end(),
                         out.begin() + static_cast<std::ptrdiff_t>(offset)));
  return worst / largest;
}

TEST(LayerNorm, EveryLengthAndAlignment) {
  for_each_simd_target([](std::int64_t) {
    Random random(1);
    for (std::size_t n = 1; n <= 33; ++n) {
      for (std::size_t offset = 0; offset < 4; ++offset) {
        EXPECT_LE(error(uniform(random, n, -3, 3), offset, random), 3e-7) << n << " values";
      }
    }
    EXPECT_LE(error(uniform(random, 1600, -3, 3), 0, random), 3e-7);
  });
}

// The residual stream of GPT-2: a few coordinates thousands of times as large as the rest, and a mean far
// from 0.
TEST(LayerNorm, LargeCoordinatesAndLargeMeans) {
  for_each_simd_target([](std::int64_t) {
    Random random(2);
    std::vector<float> x = uniform(random, 1024, -1, 1);
    x[447] = 3000;
    x[138] = -800;
    EXPECT_LE(error(x, 0, random), 3e-7);
    for (float& value : x) value += 1e4f;
    EXPECT_LE(error(x, 0, random), 3e-7);
  });
}

// Equal values have no variance: ε keeps the quotient finite, and out is the shift.
TEST(LayerNorm, ConstantRow) {
  const std::vector<float> x(20, 5.0f), gain(20, 2.0f), shift(20, 0.25f);
  std::vector<float> out(20);
  layer_norm(x, gain, shift, 1e-5f, out);
  EXPECT_EQ(out, shift);
}

}  // namespace
}  // namespace penfield::numeric
