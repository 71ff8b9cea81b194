#include "penfield/formats/half.h"

#include <gtest/gtest.h>

#include <cmath>

namespace penfield::formats {
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

}  // namespace
}  // namespace penfield::formats
