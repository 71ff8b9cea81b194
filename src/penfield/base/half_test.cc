#include "penfield/base/half.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace penfield {
namespace {

// The twin: the value as the standard defines it, in double.
double half_by_definition(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const int mantissa = bits & 0x3ff;
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

TEST(Half, EveryValueIsExact) {
  for (std::uint32_t i = 0; i <= 0xffff; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const float value = half_to_float(bits);
    if ((bits & 0x7c00) == 0x7c00) {
      EXPECT_EQ(std::isnan(value), (bits & 0x3ff) != 0) << i;
      EXPECT_EQ(std::isinf(value), (bits & 0x3ff) == 0) << i;
    } else {
      EXPECT_EQ(static_cast<double>(value), half_by_definition(bits)) << i;
    }
    EXPECT_EQ(std::signbit(value), (bits & 0x8000) != 0) << i;
  }
}

TEST(Bfloat16, IsTheUpperHalfOfAFloat) {
  EXPECT_EQ(bfloat16_to_float(0x3f80), 1.0f);
  EXPECT_EQ(bfloat16_to_float(0xc049), -3.140625f);
  EXPECT_EQ(bfloat16_to_float(0x0001), std::ldexp(1.0f, -133));  // a subnormal
  EXPECT_TRUE(std::isinf(bfloat16_to_float(0x7f80)));
  EXPECT_TRUE(std::isnan(bfloat16_to_float(0x7fc0)));
  EXPECT_TRUE(std::signbit(bfloat16_to_float(0x8000)));
}

// The twin: of the two neighbours of a float32 among the bfloat16, the nearer one, or the even one of two
// equally near.
TEST(Half, RoundsToTheNearestBfloat16) {
  std::uint32_t bits = 12345;
  for (int i = 0; i < 200'000; ++i) {
    bits = bits * 1664525u + 1013904223u;
    const auto value = std::bit_cast<float>(bits);
    const std::uint16_t rounded = float_to_bfloat16(value);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(bfloat16_to_float(rounded)));
      continue;
    }
    const auto below = static_cast<std::uint16_t>(bits >> 16);  // towards zero
    const auto above = static_cast<std::uint16_t>(below + 1);
    // By the twin, the next after the largest finite one stands for 2^128, where an overflow is to infinity.
    const double exact = std::isinf(value) ? std::ldexp(1.0, 128) : std::abs(static_cast<double>(value));
    const double low = std::abs(static_cast<double>(bfloat16_to_float(below)));
    const double high = (above & 0x7fff) == 0x7f80 ? std::ldexp(1.0, 128)
                                                   : std::abs(static_cast<double>(bfloat16_to_float(above)));
    if (std::isinf(value)) {
      EXPECT_EQ(rounded, below);
    } else if (exact - low != high - exact) {
      EXPECT_EQ(rounded, exact - low < high - exact ? below : above) << bits;
    } else {
      EXPECT_EQ(rounded, below % 2 == 0 ? below : above) << bits;
    }
  }
  EXPECT_EQ(float_to_bfloat16(bfloat16_to_float(0x3f81)), 0x3f81);          // exact stays
  EXPECT_EQ(float_to_bfloat16(std::bit_cast<float>(0x3f808000u)), 0x3f80);  // a tie, to even
  EXPECT_EQ(float_to_bfloat16(std::bit_cast<float>(0x3f818000u)), 0x3f82);  // a tie, to even
  EXPECT_EQ(float_to_bfloat16(std::numeric_limits<float>::max()), 0x7f80);  // beyond the largest
  EXPECT_TRUE(std::isnan(bfloat16_to_float(float_to_bfloat16(std::bit_cast<float>(0x7f800001u)))));
}

}  // namespace
}  // namespace penfield
