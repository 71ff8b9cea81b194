#include "penfield/numeric/matmul_bf16.h"

#include <gtest/gtest.h>

#include <hwy/aligned_allocator.h>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::numeric {
namespace {

// Factors of a product, and where it goes: rows longer than they say, with marks between them.
struct Case {
  std::size_t m, k, n;
  std::size_t left_stride = even_size(k) + 2, right_stride = n + 3, out_stride = n + 5;
  std::vector<float> right, bias, before;
  std::vector<Bfloat16> left;

  // scale: of the factors.
  Case(std::size_t m_in, std::size_t k_in, std::size_t n_in, float scale = 1) : m(m_in), k(k_in), n(n_in) {
    Random random(m * 1000003 + k * 1009 + n);
    const auto draw = [&] { return scale * static_cast<float>(random.uniform() - 0.5); };
    left.assign(m * left_stride, Bfloat16{0x7f80});  // infinity: must not be touched
    for (std::size_t i = 0; i < m; ++i) {
      std::vector<float> row(k);
      std::generate(row.begin(), row.end(), draw);
      round_to_bfloat16(row, left.data() + i * left_stride);
    }
    right.resize(k * right_stride);
    bias.resize(n);
    before.resize(m * out_stride);
    for (auto* values : {&right, &bias, &before}) std::generate(values->begin(), values->end(), draw);
  }

  [[nodiscard]] std::vector<float> product(bool has_bias, Onto onto, Bf16Kernel kernel) const {
    std::vector<float> out = before;
    const auto scratch = hwy::AllocateAligned<std::uint32_t>(multiply_bf16_scratch_pairs(n));
    multiply_bf16({left.data(), m, k, left_stride}, {right.data(), k, n, right_stride},
                  has_bias ? std::span<const float>(bias) : std::span<const float>(), onto,
                  {out.data(), m, n, out_stride}, scratch.get(), kernel);
    return out;
  }

  // The scalar twin: what the head of matmul_bf16.h says, of kPairs or of kTiles.
  [[nodiscard]] std::vector<float> twin(bool has_bias, Onto onto,
                                        Bf16Kernel kernel = Bf16Kernel::kPairs) const {
    std::vector<float> out = before;
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        float& to = out[i * out_stride + j];
        for (std::size_t k0 = 0; k0 < k; k0 += kBf16SumBlock) {
          const std::size_t end = std::min(k, k0 + kBf16SumBlock);
          float sum = kernel == Bf16Kernel::kTiles ? tile_sum(i, j, k0, end) : pair_sum(i, j, k0, end);
          if (k0 == 0 && has_bias) sum += bias[j];
          to = k0 == 0 && onto == Onto::kNothing ? sum : to + sum;
        }
      }
    }
    return out;
  }

 private:
  [[nodiscard]] float term(std::size_t i, std::size_t j, std::size_t at, float sum) const {
    if (at >= k) return sum;
    return std::fma(to_float(left[i * left_stride + at]), to_float(to_bfloat16(right[at * right_stride + j])),
                    sum);
  }
  [[nodiscard]] float pair_sum(std::size_t i, std::size_t j, std::size_t first, std::size_t end) const {
    float sum = 0;
    for (std::size_t at = first; at < end; at += 2) sum = term(i, j, at, term(i, j, at + 1, sum));
    return sum;
  }
  [[nodiscard]] float tile_sum(std::size_t i, std::size_t j, std::size_t first, std::size_t end) const {
    float sum = 0;
    for (std::size_t tile = first; tile < end; tile += kBf16TileTerms) {
      float even = 0, odd = 0;
      for (std::size_t at = tile; at < tile + kBf16TileTerms; at += 2) {
        even = term(i, j, at, even);
        odd = term(i, j, at + 1, odd);
      }
      sum += even + odd;
    }
    return sum;
  }
};

void expect_same_bits(const std::vector<float>& found, const std::vector<float>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_EQ(std::bit_cast<std::uint32_t>(found[i]), std::bit_cast<std::uint32_t>(expected[i])) << i;
}

// `twin`: whose sums `kernels` are to give.
void check(const Case& product, Bf16Kernel twin, const std::vector<Bf16Kernel>& kernels) {
  SCOPED_TRACE(testing::Message() << product.m << " x " << product.k << " x " << product.n);
  for (const bool has_bias : {false, true}) {
    for (const Onto onto : {Onto::kNothing, Onto::kOut}) {
      const std::vector<float> expected = product.twin(has_bias, onto, twin);
      for (const Bf16Kernel kernel : kernels)
        expect_same_bits(product.product(has_bias, onto, kernel), expected);
    }
  }
}

// Also without fused multiply-add: a product of two bfloat16 is exact.
TEST(MatmulBf16, EveryElementIsItsOwnSumOnEveryProcessor) {
  std::vector<Bf16Kernel> kernels = {Bf16Kernel::kEmulated};
  if (has_bf16_products()) kernels.push_back(Bf16Kernel::kPairs);
  for_each_simd_target([&](std::int64_t) {
    for (const std::size_t m : {1u, 3u, 4u, 5u, 11u, 12u, 13u, 25u}) {
      for (const std::size_t n : {1u, 7u, 16u, 17u, 31u, 32u, 33u, 65u})
        check({m, 9, n}, Bf16Kernel::kPairs, kernels);
    }
    for (const std::size_t k : {1u, 2u, 3u, 1023u, 1024u, 1025u, 2100u})
      check({13, k, 37}, Bf16Kernel::kPairs, kernels);
  });
}

TEST(MatmulBf16, EveryElementOfTilesIsItsOwnSum) {
  if (!has_bf16_tiles()) GTEST_SKIP() << "this processor has no tile registers";
  const std::vector<Bf16Kernel> kernels = {Bf16Kernel::kTiles, Bf16Kernel::kBest};
  for (const std::size_t m : {1u, 15u, 16u, 17u, 31u, 32u, 33u, 65u}) {
    for (const std::size_t n : {1u, 15u, 16u, 17u, 31u, 32u, 33u, 65u})
      check({m, 64, n}, Bf16Kernel::kTiles, kernels);
  }
  for (const std::size_t k : {32u, 96u, 1024u, 1056u, 3072u}) check({40, k, 37}, Bf16Kernel::kTiles, kernels);
}

// Rows of other lengths than tiles take are summed as pairs, on whatever processor.
TEST(MatmulBf16, TheBestKernelTakesAnyNumberOfTerms) {
  for (const std::size_t k : {1u, 31u, 33u, 1040u})
    check({13, k, 37}, Bf16Kernel::kPairs, {Bf16Kernel::kBest});
}

// Sums of subnormal products are zero, in the instruction and in the emulation; on x86.
TEST(MatmulBf16, TheEmulationGivesTheInstructionsBytesAlsoForTinyNumbers) {
  if (!has_bf16_products()) GTEST_SKIP() << "this processor has no bfloat16 products";
  for (const float scale : {1e-17f, 1e-18f, 3e-19f, 1e-19f, 1e-20f, 1e-38f, 1e19f}) {
    const Case product(13, 66, 37, scale);
    for_each_simd_target([&](std::int64_t target) {
      if ((target & (HWY_AVX2 | HWY_AVX3 | HWY_AVX3_DL)) == 0) return;  // fused steps round once
      expect_same_bits(product.product(false, Onto::kNothing, Bf16Kernel::kEmulated),
                       product.product(false, Onto::kNothing, Bf16Kernel::kPairs));
    });
  }
}

// Against float64 sums of the same rounded factors, relative to the largest element.
TEST(MatmulBf16, ErrorOfLongSums) {
  const Case product(12, 4096, 64);
  const std::vector<float> out = product.product(false, Onto::kNothing, Bf16Kernel::kBest);
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < product.m; ++i) {
    for (std::size_t j = 0; j < product.n; ++j) {
      double exact = 0;
      for (std::size_t k = 0; k < product.k; ++k) {
        exact += static_cast<double>(to_float(product.left[i * product.left_stride + k])) *
                 static_cast<double>(to_float(to_bfloat16(product.right[k * product.right_stride + j])));
      }
      worst = std::max(worst, std::abs(static_cast<double>(out[i * product.out_stride + j]) - exact));
      largest = std::max(largest, std::abs(exact));
    }
  }
  EXPECT_LE(worst / largest, 1e-6);
  EXPECT_GT(worst, 0);
}

}  // namespace
}  // namespace penfield::numeric
