#include "penfield/numeric/widen.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "penfield/numeric/bfloat16.h"
#include "penfield/numeric/simd_targets_for_tests.h"
#include "penfield/numeric/weight_view.h"

namespace penfield::numeric {
namespace {

// The value by definition: sign, exponent − 15, mantissa of 10 bits.
float value_of_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const int mantissa = bits & 0x3ff;
  const double magnitude =
      exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
  return static_cast<float>((bits & 0x8000) != 0 ? -magnitude : magnitude);
}

bool is_finite_half(std::uint16_t bits) {
  return (bits & 0x7c00) != 0x7c00;
}

// All finite values, read from an odd address in runs of every length up to 37.
void check(WidenValues widen, const std::vector<std::uint16_t>& bits, float (*twin)(std::uint16_t)) {
  std::vector<std::byte> row(2 * bits.size() + 1);
  std::memcpy(row.data() + 1, bits.data(), 2 * bits.size());
  for (std::size_t first = 0, n = 0; first < bits.size(); first += n, n = (n + 1) % 38) {
    n = std::min(n, bits.size() - first);
    std::vector<float> out(n + 1, 77.0f);
    widen(row.data() + 1, first, n, out.data());
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(out[i]), std::bit_cast<std::uint32_t>(twin(bits[first + i])))
          << bits[first + i];
    }
    ASSERT_EQ(out[n], 77.0f);
  }
}

TEST(Widen, EveryFiniteFloat16) {
  std::vector<std::uint16_t> bits;
  for (std::uint32_t i = 0; i <= 0xffff; ++i) {
    if (is_finite_half(static_cast<std::uint16_t>(i))) bits.push_back(static_cast<std::uint16_t>(i));
  }
  for_each_simd_target([&](std::int64_t) { check(widen_float16, bits, value_of_half); });
}

TEST(Widen, EveryFiniteBfloat16) {
  std::vector<std::uint16_t> bits;
  for (std::uint32_t i = 0; i <= 0xffff; ++i) {
    if ((i & 0x7f80) != 0x7f80) bits.push_back(static_cast<std::uint16_t>(i));
  }
  for_each_simd_target([&](std::int64_t) {
    check(widen_bfloat16, bits, [](std::uint16_t b) { return to_float(Bfloat16{b}); });
  });
}

TEST(Widen, Float32FromAnyByte) {
  const std::vector<float> values = {1.5f, -2.25f, 1e-40f, 3e38f};
  std::vector<std::byte> row(17);
  std::memcpy(row.data() + 1, values.data(), 16);
  std::vector<float> out(2);
  widen_float32(row.data() + 1, 1, 2, out.data());
  EXPECT_EQ(out, (std::vector<float>{-2.25f, 1e-40f}));
}

}  // namespace
}  // namespace penfield::numeric
