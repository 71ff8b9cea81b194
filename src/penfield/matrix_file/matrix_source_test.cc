#include "penfield/matrix_file/matrix_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <utility>
#include <vector>

namespace penfield::matrix_file {
namespace {

using ::testing::ElementsAre;

// Values 10·row + column of a [3, 4] matrix, at the places that the strides give.
template <class T>
struct Placed {
  std::vector<T> memory = std::vector<T>(64);
  ArrayLayout layout;

  Placed(ValueType type, std::int64_t row_stride, std::int64_t col_stride, std::size_t origin) {
    layout = {.data = memory.data() + origin,
              .type = type,
              .n_rows = 3,
              .n_cols = 4,
              .row_stride = row_stride,
              .col_stride = col_stride};
    for (std::int64_t r = 0; r < 3; ++r) {
      for (std::int64_t c = 0; c < 4; ++c) {
        memory[static_cast<std::size_t>(static_cast<std::int64_t>(origin) + r * row_stride +
                                        c * col_stride)] = static_cast<T>(10 * r + c);
      }
    }
  }
};

std::vector<double> two_columns(const MatrixSource& matrix, std::uint64_t first) {
  std::vector<double> out(6);
  matrix.copy_columns(first, MatrixView<double>(out.data(), 3, 2));
  return out;
}

TEST(ArrayMatrix, CopiesColumnsWhereverTheValuesLie) {
  struct Order {
    std::int64_t row_stride, col_stride;
    std::size_t origin;
  };
  for (const Order order : {Order{4, 1, 0}, Order{1, 3, 5}, Order{20, 5, 0}, Order{-4, 1, 8}, Order{4, -1, 3},
                            Order{2, -7, 30}}) {
    const Placed<float> placed(ValueType::kFloat32, order.row_stride, order.col_stride, order.origin);
    const ArrayMatrix matrix("X", placed.layout);
    EXPECT_THAT(two_columns(matrix, 1), ElementsAre(1, 2, 11, 12, 21, 22))
        << order.row_stride << " " << order.col_stride;
    EXPECT_THAT(two_columns(matrix, 2), ElementsAre(2, 3, 12, 13, 22, 23));
  }
}

TEST(ArrayMatrix, ReadsRowsOfFloatsWhereTheyLie) {
  const Placed<float> rows(ValueType::kFloat32, 6, 1, 0);
  const auto view = ArrayMatrix("X", rows.layout).floats();
  ASSERT_TRUE(view);
  EXPECT_EQ(view->data, rows.memory.data());
  EXPECT_EQ(view->stride, 6U);
  EXPECT_EQ((*view)(2, 3), 23);
  EXPECT_FALSE(ArrayMatrix("X", rows.layout).doubles());

  const Placed<double> doubles(ValueType::kFloat64, 4, 1, 0);
  EXPECT_TRUE(ArrayMatrix("X", doubles.layout).doubles());
  EXPECT_FALSE(ArrayMatrix("X", doubles.layout).fits_float32());

  const Placed<float> columns(ValueType::kFloat32, 1, 3, 0);
  EXPECT_FALSE(ArrayMatrix("X", columns.layout).floats());
  const Placed<float> upward(ValueType::kFloat32, -4, 1, 8);
  EXPECT_FALSE(ArrayMatrix("X", upward.layout).floats());
  ArrayLayout paged = rows.layout;
  paged.is_paged = true;
  EXPECT_FALSE(ArrayMatrix("X", paged).floats());
}

TEST(ArrayMatrix, ReadsWhatDoesNotLieAtAMultipleOfItsSize) {
  std::vector<unsigned char> bytes(1 + sizeof(float) * 12);
  for (int i = 0; i < 12; ++i) {
    const auto value = static_cast<float>(10 * (i / 4) + i % 4);
    std::memcpy(bytes.data() + 1 + sizeof(float) * static_cast<std::size_t>(i), &value, sizeof value);
  }
  const ArrayMatrix matrix("X", {.data = bytes.data() + 1,
                                 .type = ValueType::kFloat32,
                                 .n_rows = 3,
                                 .n_cols = 4,
                                 .row_stride = 4,
                                 .col_stride = 1});
  EXPECT_FALSE(matrix.floats());
  EXPECT_THAT(two_columns(matrix, 1), ElementsAre(1, 2, 11, 12, 21, 22));
}

TEST(ArrayMatrix, WidensSixteenBits) {
  // 1 and −2 in both formats; their values are in IEEE 754-2019, table 3.5, and one bit pattern apart.
  const std::vector<std::uint16_t> half = {0x3c00, 0xc000}, brain = {0x3f80, 0xc000};
  for (const auto& [type, bits] :
       {std::pair{ValueType::kFloat16, &half}, std::pair{ValueType::kBfloat16, &brain}}) {
    const ArrayMatrix matrix(
        "X",
        {.data = bits->data(), .type = type, .n_rows = 1, .n_cols = 2, .row_stride = 2, .col_stride = 1});
    std::vector<float> out(2);
    matrix.copy_columns(0, MatrixView<float>(out.data(), 1, 2));
    EXPECT_THAT(out, ElementsAre(1, -2));
    EXPECT_TRUE(matrix.fits_float32());
  }
}

}  // namespace
}  // namespace penfield::matrix_file
