#include "penfield/numeric/activation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::numeric {
namespace {

constexpr Activation kAll[] = {Activation::kGeluNew,    Activation::kGeluErf, Activation::kRelu,
                               Activation::kReluSquare, Activation::kRelu6,   Activation::kSilu,
                               Activation::kQuickGelu,  Activation::kTanh,    Activation::kSigmoid,
                               Activation::kLinear};

bool is_exact(Activation activation) {
  return activation == Activation::kRelu || activation == Activation::kRelu6 ||
         activation == Activation::kLinear;
}

// The stated error over a fine grid, at a misaligned address.
void check_error(Activation activation) {
  std::vector<float> x(1);
  for (int i = -160000; i <= 160000; ++i) x.push_back(static_cast<float>(i) * 0.000125f);
  for (const float far : {-1e18f, -3e4f, -150.0f, -40.0f, 40.0f, 150.0f, 3e4f, 1e18f}) x.push_back(far);
  std::vector<float> y(x.size());
  activate(activation, std::span(x).subspan(1), std::span(y).subspan(1));
  double worst = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {
    const auto exact = static_cast<double>(x[i]);
    const double size = activation == Activation::kReluSquare ? exact * exact : std::abs(exact);
    worst = std::max(worst, std::abs(static_cast<double>(y[i]) - activate_scalar(activation, exact)) /
                                std::max(size, 1.0));
  }
  EXPECT_LE(worst, 4e-7);
  // The twin is float64: an error of 0 would mean that it was compared with itself.
  EXPECT_EQ(worst > 0, !is_exact(activation));
}

// Lengths 0 … 33 cover 0 … 2N + 1 lanes of every target; nothing beside the row is touched; in place is the
// same.
void check_lengths(Activation activation) {
  for (std::size_t n = 0; n <= 33; ++n) {
    for (std::size_t offset = 0; offset < 4; ++offset) {
      std::vector<float> x(n + offset + 1, 77.0f), y(n + offset + 1, 77.0f);
      for (std::size_t i = 0; i < n; ++i) x[offset + i] = static_cast<float>(i) * 0.37f - 5.0f;
      activate(activation, std::span(x).subspan(offset, n), std::span(y).subspan(offset, n));
      for (std::size_t i = 0; i < n; ++i) {
        const double twin = activate_scalar(activation, static_cast<double>(x[offset + i]));
        EXPECT_NEAR(static_cast<double>(y[offset + i]), twin, 3e-6 * std::max(1.0, std::abs(twin)));
      }
      EXPECT_EQ(y.back(), 77.0f);
      EXPECT_TRUE(std::all_of(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(offset),
                              [](float value) { return value == 77.0f; }));
      activate(activation, std::span(x).subspan(offset, n), std::span(x).subspan(offset, n));
      EXPECT_EQ(x, y);
    }
  }
}

TEST(Activation, EveryFunctionIsItsTwin) {
  for_each_simd_target([](std::int64_t) {
    for (const Activation activation : kAll) {
      SCOPED_TRACE(activation_name(activation));
      check_error(activation);
      check_lengths(activation);
    }
  });
}

// Hendrycks & Gimpel 2016: Φ(1) = 0.841344746…; the tanh form gives 0.841191990…. The others from their
// formulas, in 20 digits: σ(1) = 0.73105857863000487925, σ(1.702) = 0.84579576593282129571
TEST(Activation, TheTwinsAreTheFormulas) {
  EXPECT_NEAR(activate_scalar(Activation::kGeluErf, 1), 0.8413447460685429, 1e-15);
  EXPECT_NEAR(activate_scalar(Activation::kGeluNew, 1), 0.8411919906082768, 1e-15);
  EXPECT_NEAR(activate_scalar(Activation::kGeluErf, -10), -7.619853024160526e-23, 1e-35);
  EXPECT_EQ(activate_scalar(Activation::kGeluNew, 0), 0);
  EXPECT_NEAR(activate_scalar(Activation::kSilu, 1), 0.7310585786300049, 1e-15);
  EXPECT_NEAR(activate_scalar(Activation::kSilu, -2), -0.2384058440442351, 1e-15);
  EXPECT_NEAR(activate_scalar(Activation::kQuickGelu, 1), 0.8457957659328213, 1e-15);
  EXPECT_EQ(activate_scalar(Activation::kReluSquare, -3), 0);
  EXPECT_EQ(activate_scalar(Activation::kReluSquare, 3), 9);
  EXPECT_EQ(activate_scalar(Activation::kRelu6, 7), 6);
  EXPECT_NEAR(activate_scalar(Activation::kTanh, 0.5), 0.46211715726000975, 1e-16);
}

TEST(Activation, NamesAreThoseOfConfigFiles) {
  for (const Activation activation : kAll)
    EXPECT_EQ(parse_activation(activation_name(activation)), activation);
  EXPECT_EQ(parse_activation("gelu_pytorch_tanh"), Activation::kGeluNew);
  EXPECT_EQ(parse_activation("gelu_fast"), Activation::kGeluNew);
  EXPECT_EQ(parse_activation("swish"), Activation::kSilu);
  EXPECT_EQ(parse_activation("gelu_10"), std::nullopt);
  EXPECT_EQ(parse_activation(""), std::nullopt);
  EXPECT_NE(known_activations().find("quick_gelu"), std::string::npos);
}

}  // namespace
}  // namespace penfield::numeric
