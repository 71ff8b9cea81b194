#include "penfield/numeric/activation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::numeric {
namespace {

using Kernel = void (*)(std::span<const float>, std::span<float>);
using Twin = double (*)(double);

// The stated error over a fine grid, at a misaligned address.
void check_error(Kernel kernel, Twin twin) {
  std::vector<float> x(1);
  for (int i = -160000; i <= 160000; ++i) x.push_back(static_cast<float>(i) * 0.000125f);
  for (const float far : {-1e30f, -3e4f, -150.0f, -40.0f, 40.0f, 150.0f, 3e4f, 1e30f}) x.push_back(far);
  std::vector<float> y(x.size());
  kernel(std::span(x).subspan(1), std::span(y).subspan(1));
  double worst = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const auto exact = static_cast<double>(x[i]);
    worst =
        std::max(worst, std::abs(static_cast<double>(y[i]) - twin(exact)) / std::max(std::abs(exact), 1.0));
  }
  EXPECT_LE(worst, 4e-7);
  EXPECT_GT(worst, 0);  // the twin is float64: an error of 0 would mean that it was compared with itself
}

// Lengths 0 … 33 cover 0 … 2N + 1 lanes of every target; nothing beside the row is touched; in place is the
// same.
void check_lengths(Kernel kernel, Twin twin) {
  for (std::size_t n = 0; n <= 33; ++n) {
    for (std::size_t offset = 0; offset < 4; ++offset) {
      std::vector<float> x(n + offset + 1, 77.0f), y(n + offset + 1, 77.0f);
      for (std::size_t i = 0; i < n; ++i) x[offset + i] = static_cast<float>(i) * 0.37f - 5.0f;
      kernel(std::span(x).subspan(offset, n), std::span(y).subspan(offset, n));
      for (std::size_t i = 0; i < n; ++i) {
        EXPECT_NEAR(static_cast<double>(y[offset + i]), twin(static_cast<double>(x[offset + i])), 3e-6);
      }
      EXPECT_EQ(y.back(), 77.0f);
      EXPECT_TRUE(std::all_of(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(offset),
                              [](float value) { return value == 77.0f; }));
      kernel(std::span(x).subspan(offset, n), std::span(x).subspan(offset, n));
      EXPECT_EQ(x, y);
    }
  }
}

TEST(Gelu, TanhForm) {
  for_each_simd_target([](std::int64_t) {
    check_error(gelu_new, gelu_new_scalar);
    check_lengths(gelu_new, gelu_new_scalar);
  });
}

TEST(Gelu, ExactForm) {
  for_each_simd_target([](std::int64_t) {
    check_error(gelu_erf, gelu_erf_scalar);
    check_lengths(gelu_erf, gelu_erf_scalar);
  });
}

TEST(Gelu, Relu) {
  for_each_simd_target([](std::int64_t) { check_lengths(relu, [](double x) { return std::max(x, 0.0); }); });
}

// Hendrycks & Gimpel 2016: Φ(1) = 0.841344746…; the tanh form gives 0.841191990….
TEST(Gelu, TheTwinsAreTheFormulas) {
  EXPECT_NEAR(gelu_erf_scalar(1), 0.8413447460685429, 1e-15);
  EXPECT_NEAR(gelu_new_scalar(1), 0.8411919906082768, 1e-15);
  EXPECT_NEAR(gelu_erf_scalar(-10), -7.619853024160526e-23, 1e-35);
  EXPECT_EQ(gelu_new_scalar(0), 0);
}

}  // namespace
}  // namespace penfield::numeric
