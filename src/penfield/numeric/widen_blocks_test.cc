#include "penfield/numeric/widen_blocks.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/simd_targets_for_tests.h"
#include "penfield/numeric/widen_scalar.h"

namespace penfield::numeric {
namespace {

std::vector<std::byte> random_bytes(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::byte> out(n);
  for (std::byte& byte : out) byte = static_cast<std::byte>(random.below(256));
  return out;
}

// The same bits; of NaNs only that they are some: their bits are the processor's.
void expect_same(std::span<const float> values, std::span<const float> expected) {
  ASSERT_EQ(values.size(), expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(expected[i])) {
      ASSERT_TRUE(std::isnan(values[i])) << i;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(values[i]), std::bit_cast<std::uint32_t>(expected[i])) << i;
    }
  }
}

class Widening : public testing::TestWithParam<std::size_t> {
 protected:
  Encoding encoding_ = static_cast<Encoding>(GetParam());
  EncodedBlock block_ = block_of(encoding_);
};
INSTANTIATE_TEST_SUITE_P(EveryEncoding, Widening, testing::Range(std::size_t{0}, kEncodings));

// Random bytes have scales of every kind: subnormal, infinite, NaN.
TEST_P(Widening, GivesTheTwinsBitsOnEveryProcessorFromAnyAddress) {
  constexpr std::size_t kBlocks = 300;
  std::vector<std::byte> bytes = random_bytes(kBlocks * block_.n_bytes + 8, 7 + GetParam());
  // Of float16, Highway widens finite values alone where the processor has no instruction for it.
  if (encoding_ == Encoding::kFloat16)
    for (std::byte& byte : bytes) byte &= std::byte{0xbf};
  std::vector<float> expected(kBlocks * block_.n_values), values(expected.size());
  for (std::size_t shift = 0; shift < 3; ++shift) {
    widen_blocks_scalar(encoding_, bytes.data() + shift, kBlocks, expected.data());
    for_each_simd_target([&](std::int64_t) {
      widen_blocks(encoding_, bytes.data() + shift, kBlocks, values.data());
      expect_same(values, expected);
    });
  }
}

TEST_P(Widening, ARunBeginsAndEndsAnywhere) {
  const std::size_t n = std::size_t{block_.n_values} * 3;
  const std::vector<std::byte> bytes = random_bytes(encoded_bytes(encoding_, n), 11);
  std::vector<float> expected(n);
  widen_blocks_scalar(encoding_, bytes.data(), 3, expected.data());
  const std::size_t step = block_.n_values == kMaxBlockValues ? 29 : 1;
  for (std::size_t first = 0; first <= n; first += step) {
    for (std::size_t last = first; last <= n; last += step) {
      std::vector<float> out(last - first + 1, -1234.5f);
      widen_run(encoding_, bytes.data(), first, std::span(out).first(last - first));
      ASSERT_EQ(out.back(), -1234.5f) << "written beyond the run";
      out.pop_back();
      expect_same(out, std::span(expected).subspan(first, last - first));
      std::fill(out.begin(), out.end(), 0.0f);
      widen_values_of(encoding_)(bytes.data(), first, out.size(), out.data());
      expect_same(out, std::span(expected).subspan(first, last - first));
    }
  }
}

// The answer is held to the values themselves: a block is found where one of its values is not finite. With
// random integers a scale that is not finite shows in some value of its block.
TEST_P(Widening, FindsTheFirstBlockThatIsNotFinite) {
  constexpr std::size_t kBlocks = 9000;
  const std::vector<std::byte> bytes = random_bytes(kBlocks * block_.n_bytes, 13);
  std::vector<float> values(kBlocks * block_.n_values);
  widen_blocks_scalar(encoding_, bytes.data(), kBlocks, values.data());
  std::size_t n_found = 0;
  for (std::size_t first = 0; first < kBlocks; ++n_found) {
    const auto found =
        find_non_finite_block(encoding_, bytes.data() + first * block_.n_bytes, kBlocks - first);
    const auto other = std::find_if(values.begin() + static_cast<std::ptrdiff_t>(first * block_.n_values),
                                    values.end(), [](float v) { return !std::isfinite(v); });
    ASSERT_EQ(found.has_value(), other != values.end());
    if (!found) break;
    first += *found;
    ASSERT_EQ(first, static_cast<std::size_t>(other - values.begin()) / block_.n_values);
    ++first;
  }
  EXPECT_GT(n_found, 20u);
  EXPECT_EQ(find_non_finite_block(encoding_, bytes.data(), 0), std::nullopt);
}

TEST(WideningByHand, OfABlock) {
  // Q4_0: d = 0.5, the nibbles 0 (−8) in every lower half, 15 (7) in every upper one.
  std::vector<std::byte> block(18, std::byte{0xf0});
  block[0] = std::byte{0x00};
  block[1] = std::byte{0x38};
  std::vector<float> values(32);
  widen_blocks(Encoding::kQ4_0, block.data(), 1, values.data());
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(values[i], -4.0f);
    EXPECT_EQ(values[i + 16], 3.5f);
  }
  // MXFP4: 2^(126 − 127), nibble 1 is 0.5 and nibble 15 is −6.
  block.assign(17, std::byte{0xf1});
  block[0] = std::byte{126};
  widen_blocks(Encoding::kMXFP4, block.data(), 1, values.data());
  EXPECT_EQ(values[0], 0.25f);
  EXPECT_EQ(values[31], -3.0f);
}

}  // namespace
}  // namespace penfield::numeric
