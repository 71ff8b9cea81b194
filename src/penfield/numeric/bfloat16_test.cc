#include "penfield/numeric/bfloat16.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::numeric {
namespace {

std::vector<float> any_bits(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(n);
  for (float& value : values)
    value = std::bit_cast<float>(static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32)));
  return values;
}

void expect_twin(std::span<const float> values) {
  std::vector<Bfloat16> rounded(even_size(values.size()) + 1, Bfloat16{0x1234});
  round_to_bfloat16(values, rounded.data());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_EQ(rounded[i].bits, to_bfloat16(values[i]).bits) << std::bit_cast<std::uint32_t>(values[i]);
  if (values.size() % 2 != 0) {
    ASSERT_EQ(rounded[values.size()].bits, 0);
  }
  ASSERT_EQ(rounded.back().bits, 0x1234) << "written beyond the row";
  std::vector<float> wide(values.size() + 1, 7.0f);
  widen(rounded.data(), std::span(wide).first(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint32_t>(wide[i]), std::uint32_t{rounded[i].bits} << 16);
  }
  ASSERT_EQ(wide.back(), 7.0f);
}

TEST(Bfloat16, RowsAreRoundedAsTheTwinRoundsOneValue) {
  for_each_simd_target([](std::int64_t) {
    const std::vector<float> values = any_bits(4096, 1);
    for (std::size_t n = 0; n <= 33; ++n) {
      for (std::size_t first = 0; first < 3; ++first) expect_twin(std::span(values).subspan(first, n));
    }
    expect_twin(values);
  });
}

TEST(Bfloat16, EveryUpperHalfAndItsBordersAreRoundedToTheNearest) {
  for (std::uint32_t half = 0; half <= 0xffff; ++half) {
    const float value = std::bit_cast<float>(half << 16);
    if (std::isnan(value)) continue;
    EXPECT_EQ(to_bfloat16(value).bits, half);
    if ((half & 0x7f80u) == 0x7f80u) continue;
    const std::uint32_t even = half + half % 2;  // of a tie
    EXPECT_EQ(to_bfloat16(std::bit_cast<float>(half << 16 | 0x7fffu)).bits, half);
    EXPECT_EQ(to_bfloat16(std::bit_cast<float>(half << 16 | 0x8000u)).bits, even);
    EXPECT_EQ(to_bfloat16(std::bit_cast<float>(half << 16 | 0x8001u)).bits, half + 1);
  }
}

// tests/golden/numeric/bfloat16.tsv: float32 bits and what torch makes of them
// (tools/make_bfloat16_goldens.py).
TEST(Bfloat16, RoundsAsTorch) {
  std::ifstream file("tests/golden/numeric/bfloat16.tsv");
  std::string from, to;
  std::size_t n = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto bits = static_cast<std::uint32_t>(std::stoul(line.substr(0, 8), nullptr, 16));
    const auto expected = static_cast<std::uint16_t>(std::stoul(line.substr(9, 4), nullptr, 16));
    if (std::isnan(to_float({expected}))) {
      EXPECT_TRUE(std::isnan(to_float(to_bfloat16(std::bit_cast<float>(bits))))) << line;
    } else {
      EXPECT_EQ(to_bfloat16(std::bit_cast<float>(bits)).bits, expected) << line;
    }
    ++n;
  }
  EXPECT_GT(n, 500u);
}

}  // namespace
}  // namespace penfield::numeric
