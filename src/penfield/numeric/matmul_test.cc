#include "penfield/numeric/matmul.h"

#include <gtest/gtest.h>

#include <hwy/aligned_allocator.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/simd_targets_for_tests.h"

namespace penfield::numeric {
namespace {

// A matrix with rows longer than they say; what lies between the rows is a mark that must stay.
class Padded {
 public:
  Padded(std::size_t rows, std::size_t cols, std::uint64_t seed)
      : rows_(rows), cols_(cols), values_(rows * (cols + kPadding), kMark) {
    Random random(seed);
    for (std::size_t r = 0; r < rows; ++r) {
      for (float& value : view().row(r)) value = static_cast<float>(random.uniform() - 0.5);
    }
  }
  [[nodiscard]] MatrixView<float> view() { return {values_.data(), rows_, cols_, cols_ + kPadding}; }
  [[nodiscard]] bool padding_is_whole() {
    for (std::size_t r = 0; r < rows_; ++r) {
      const float* end = view().row(r).data() + cols_;
      if (std::count(end, end + kPadding, kMark) != kPadding) return false;
    }
    return true;
  }

 private:
  static constexpr std::ptrdiff_t kPadding = 3;
  static constexpr float kMark = 1e30f;
  std::size_t rows_, cols_;
  std::vector<float> values_;
};

hwy::AlignedFreeUniquePtr<float[]> scratch(std::size_t n) {
  return hwy::AllocateAligned<float>(n);
}

std::vector<float> bias_of(std::size_t n) {
  std::vector<float> bias(n);
  for (std::size_t i = 0; i < n; ++i) bias[i] = static_cast<float>(i) * 0.125f - 1.0f;
  return bias;
}

// The scalar twin: what the head of matmul.h says, one element.
float element(MatrixView<const float> left, MatrixView<const float> right, std::size_t i, std::size_t j,
              const float* bias, const float* before) {
  float out = before == nullptr ? 0.0f : *before;
  for (std::size_t k0 = 0; k0 < left.cols; k0 += kSumBlock) {
    float sum = 0;
    for (std::size_t k = k0; k < std::min(k0 + kSumBlock, left.cols); ++k) {
      sum = std::fma(left(i, k), right(k, j), sum);
    }
    if (k0 == 0 && bias != nullptr) sum += *bias;
    out = k0 == 0 && before == nullptr ? sum : out + sum;
  }
  return out;
}

// Targets without fused multiply-add round twice a term; these must give the twin's bits.
bool is_fused(std::int64_t target) {
  return (target & (HWY_AVX2 | HWY_AVX3 | HWY_AVX3_DL | HWY_NEON)) != 0;
}

void check_product(std::size_t m, std::size_t k, std::size_t n, bool has_bias, Onto onto,
                   std::int64_t target) {
  SCOPED_TRACE(testing::Message() << m << " x " << k << " x " << n);
  Padded left(m, k, 1), right(k, n, 2), out(m, n, 3), before(m, n, 3);
  const std::vector<float> bias = has_bias ? bias_of(n) : std::vector<float>();
  const auto packed = scratch(multiply_scratch_floats(n));
  multiply(left.view(), right.view(), bias, onto, out.view(), packed.get());
  EXPECT_TRUE(out.padding_is_whole());
  const double tolerance = is_fused(target) ? 0 : 1e-7 * static_cast<double>(k + 8);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const float twin = element(left.view(), right.view(), i, j, has_bias ? &bias[j] : nullptr,
                                 onto == Onto::kOut ? &before.view()(i, j) : nullptr);
      ASSERT_NEAR(static_cast<double>(out.view()(i, j)), static_cast<double>(twin), tolerance)
          << i << ", " << j;
    }
  }
}

TEST(Matmul, EveryElementIsItsOwnSum) {
  for_each_simd_target([](std::int64_t target) {
    for (const std::size_t m : {1u, 2u, 5u, 6u, 7u, 11u, 12u, 13u, 25u}) {
      for (const std::size_t n : {1u, 3u, 7u, 8u, 9u, 15u, 16u, 17u, 31u, 32u, 33u, 65u}) {
        check_product(m, 9, n, true, Onto::kNothing, target);
        check_product(m, 3, n, false, Onto::kOut, target);
      }
    }
    for (const std::size_t k : {1u, 2u, 511u, 512u, 513u, 1024u, 1300u}) {
      check_product(13, k, 37, true, Onto::kOut, target);
      check_product(13, k, 37, true, Onto::kNothing, target);
    }
  });
}

// Error of the longest sum of GPT-2 Medium against float64, relative to the largest element.
TEST(Matmul, ErrorOfLongSums) {
  for_each_simd_target([](std::int64_t) {
    constexpr std::size_t k = 4096;
    Padded left(12, k, 1), right(k, 64, 2), out(12, 64, 3);
    const auto packed = scratch(multiply_scratch_floats(64));
    multiply(left.view(), right.view(), {}, Onto::kNothing, out.view(), packed.get());
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < 12; ++i) {
      for (std::size_t j = 0; j < 64; ++j) {
        double exact = 0;
        for (std::size_t at = 0; at < k; ++at) {
          exact += static_cast<double>(left.view()(i, at)) * static_cast<double>(right.view()(at, j));
        }
        worst = std::max(worst, std::abs(static_cast<double>(out.view()(i, j)) - exact));
        largest = std::max(largest, std::abs(exact));
      }
    }
    EXPECT_LE(worst / largest, 1e-6);
  });
}

// What lets several windows share a pass: a row's result is the same to the last bit whatever stands above
// and below it, and the same for any cut into tiles.
TEST(Matmul, RowsAndTilesChangeNoBit) {
  for_each_simd_target([](std::int64_t) {
    constexpr std::size_t m = 41, k = 700, n = 96;
    Padded left(m, k, 1), right(k, n, 2), whole(m, n, 3), parts(m, n, 4);
    const auto packed = scratch(multiply_scratch_floats(n));
    const std::vector<float> bias = bias_of(n);
    multiply(left.view(), right.view(), bias, Onto::kNothing, whole.view(), packed.get());
    std::size_t row = 0;
    for (const std::size_t rows : {1u, 17u, 12u, 11u}) {
      std::size_t col = 0;
      for (const std::size_t cols : {5u, 64u, 27u}) {
        multiply(left.view().block(row, rows, 0, k), right.view().block(0, k, col, cols),
                 std::span(bias).subspan(col, cols), Onto::kNothing, parts.view().block(row, rows, col, cols),
                 packed.get());
        col += cols;
      }
      row += rows;
    }
    for (std::size_t i = 0; i < m; ++i) {
      EXPECT_TRUE(
          std::equal(whole.view().row(i).begin(), whole.view().row(i).end(), parts.view().row(i).begin()));
    }
  });
}

TEST(Matmul, PackedFromTheTransposedMatrixAndOnlyItsFirstRows) {
  for_each_simd_target([](std::int64_t) {
    constexpr std::size_t m = 7, k = 13, n = 75, packed_rows = 20;
    Padded left(m, k, 1), right(packed_rows, n, 2), transposed(n, packed_rows, 3), out(m, n, 4),
        other(m, n, 5);
    for (std::size_t r = 0; r < packed_rows; ++r) {
      for (std::size_t c = 0; c < n; ++c) transposed.view()(c, r) = right.view()(r, c);
    }
    const auto packed = scratch(packed_floats(packed_rows, n));
    pack_transposed(transposed.view(), packed.get());
    multiply_packed(left.view(), packed.get(), packed_rows, {}, Onto::kNothing, out.view());
    const auto of_first_rows = scratch(multiply_scratch_floats(n));
    multiply(left.view(), right.view().block(0, k, 0, n), {}, Onto::kNothing, other.view(),
             of_first_rows.get());
    for (std::size_t i = 0; i < m; ++i) {
      EXPECT_TRUE(
          std::equal(out.view().row(i).begin(), out.view().row(i).end(), other.view().row(i).begin()));
    }
  });
}

}  // namespace
}  // namespace penfield::numeric
