// The same weights stored in every way give the same view, and products of the same bits.
#include "penfield/numeric/weight_view.h"

#include <gtest/gtest.h>

#include <hwy/aligned_allocator.h>
#include <cstring>
#include <functional>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/numeric/bfloat16.h"
#include "penfield/numeric/matmul.h"
#include "penfield/numeric/matmul_bf16.h"
#include "penfield/numeric/simd_targets_for_tests.h"
#include "penfield/numeric/widen.h"

namespace penfield::numeric {
namespace {

// A matrix [n_in, n_out] of values that are bfloat16, and the bytes of one way to store it.
struct Stored {
  std::vector<std::byte> bytes;
  WeightView view;
};

class WeightViewTest : public testing::Test {
 protected:
  // n_in: two blocks of sums and a rest that is odd; n_out: two panels of any target and a rest.
  static constexpr std::size_t kIn = 1301, kOut = 150;

  WeightViewTest() : values_(kIn * kOut) {
    Random random(7);
    for (float& value : values_) value = to_float(to_bfloat16(static_cast<float>(random.uniform() - 0.5)));
  }
  [[nodiscard]] float value(std::size_t in, std::size_t out) const { return values_[in * kOut + out]; }

  // place(in, out): which of the stored values it is; width of a value 2 (bfloat16) or 4, at an odd address
  // if `odd`.
  [[nodiscard]] Stored store(std::size_t n_stored, std::size_t value_bytes, bool odd,
                             const std::function<std::size_t(std::size_t, std::size_t)>& place) const {
    Stored out;
    out.bytes.resize(n_stored * value_bytes + 16);
    std::byte* first = out.bytes.data() + (odd ? 1 : 0);
    for (std::size_t in = 0; in < kIn; ++in) {
      for (std::size_t o = 0; o < kOut; ++o) {
        const float v = value(in, o);
        const Bfloat16 half = to_bfloat16(v);
        std::memcpy(first + place(in, o) * value_bytes,
                    value_bytes == 2 ? static_cast<const void*>(&half) : &v, value_bytes);
      }
    }
    out.view.data = first;
    out.view.n_in = kIn;
    out.view.n_out = kOut;
    out.view.widen = value_bytes == 2 ? widen_bfloat16 : odd ? widen_float32 : nullptr;
    return out;
  }

  // Every order and width; some with other matrices beside them in one tensor.
  [[nodiscard]] std::vector<Stored> all() const {
    std::vector<Stored> out;
    for (const std::size_t width : {std::size_t{2}, std::size_t{4}}) {
      for (const bool odd : {false, true}) {
        Stored in_out = store(kIn * 3 * kOut, width, odd,
                              [](std::size_t i, std::size_t o) { return i * 3 * kOut + kOut + o; });
        in_out.view.row_bytes = 3 * kOut * width;
        in_out.view.first_output = kOut;
        out.push_back(std::move(in_out));
        Stored out_in = store(2 * kIn * kOut, width, odd,
                              [](std::size_t i, std::size_t o) { return (kOut + o) * kIn + i; });
        out_in.view.order = WeightView::Order::kOutIn;
        out_in.view.row_bytes = kIn * width;
        out_in.view.first_output = kOut;
        out.push_back(std::move(out_in));
        // Groups of 10 rows, every third one; the halves of each interleaved.
        Stored groups = store(3 * kIn * kOut, width, odd, [](std::size_t i, std::size_t o) {
          const std::size_t j = o % 10;
          return (o / 10 * 30 + (j < 5 ? 2 * j : 2 * (j - 5) + 1)) * kIn + i;
        });
        groups.view.order = WeightView::Order::kOutIn;
        groups.view.row_bytes = kIn * width;
        groups.view.group = 10;
        groups.view.group_step = 30;
        groups.view.interleaved = true;
        out.push_back(std::move(groups));
      }
    }
    return out;
  }

  std::vector<float> values_;
};

TEST_F(WeightViewTest, ReadsTheWeightsOfAnOutput) {
  for (const Stored& stored : all()) {
    std::vector<float> weights(kIn);
    for (const std::size_t o : {std::size_t{0}, std::size_t{17}, kOut - 1}) {
      stored.view.read_output(o, weights);
      for (std::size_t i = 0; i < kIn; ++i) ASSERT_EQ(weights[i], value(i, o));
    }
    const WeightView part = stored.view.outputs(30, 40);
    part.read_output(39, weights);
    for (std::size_t i = 0; i < kIn; ++i) ASSERT_EQ(weights[i], value(i, 69));
  }
}

TEST_F(WeightViewTest, ProductsHaveTheSameBitsHoweverItIsStored) {
  constexpr std::size_t m = 13;
  std::vector<float> left(m * kIn);
  Random random(8);
  for (float& x : left) x = static_cast<float>(random.uniform() - 0.5);
  const MatrixView<const float> left_view(left.data(), m, kIn), right(values_.data(), kIn, kOut);
  const std::vector<Stored> ways = all();
  for_each_simd_target([&](std::int64_t) {
    const auto scratch = hwy::AllocateAligned<float>(multiply_scratch_floats(kOut));
    std::vector<float> expected(m * kOut), out(m * kOut);
    multiply(left_view, right, {}, Onto::kNothing, {expected.data(), m, kOut}, scratch.get());
    for (const Stored& stored : ways) {
      multiply(left_view, stored.view, {}, Onto::kNothing, {out.data(), m, kOut}, scratch.get());
      ASSERT_EQ(out, expected);
      multiply(left_view, stored.view.outputs(30, 40), {}, Onto::kNothing, {out.data(), m, 40},
               scratch.get());
      for (std::size_t o = 0; o < 40; ++o) ASSERT_EQ(out[5 * 40 + o], expected[5 * kOut + 30 + o]);
    }
  });
}

TEST_F(WeightViewTest, BfloatProductsHaveTheSameBitsHoweverItIsStored) {
  constexpr std::size_t m = 13, stride = even_size(kIn);
  std::vector<Bfloat16> left(m * stride);
  Random random(8);
  for (std::size_t r = 0; r < m; ++r) {
    for (std::size_t k = 0; k < kIn; ++k)
      left[r * stride + k] = to_bfloat16(static_cast<float>(random.uniform() - 0.5));
  }
  const MatrixView<const Bfloat16> left_view(left.data(), m, kIn, stride);
  const MatrixView<const float> right(values_.data(), kIn, kOut);
  const std::vector<Stored> ways = all();
  for_each_simd_target([&](std::int64_t) {
    const auto scratch = hwy::AllocateAligned<std::uint32_t>(multiply_bf16_scratch_pairs(kOut));
    std::vector<float> expected(m * kOut), out(m * kOut);
    multiply_bf16(left_view, right, {}, Onto::kNothing, {expected.data(), m, kOut}, scratch.get(),
                  Bf16Kernel::kEmulated);
    for (const Stored& stored : ways) {
      multiply_bf16(left_view, stored.view, {}, Onto::kNothing, {out.data(), m, kOut}, scratch.get(),
                    Bf16Kernel::kEmulated);
      ASSERT_EQ(out, expected);
    }
  });
}

}  // namespace
}  // namespace penfield::numeric
