#include "penfield/formats/npy_columns.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "penfield/formats/npy_header.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::formats {
namespace {

template <class T>
T value_at(std::size_t row, std::size_t col) {
  return static_cast<T>(1000.0 * static_cast<double>(row) + static_cast<double>(col) + 0.25);
}

// As NumPy writes it in either order.
template <class T>
std::string npy_of(std::size_t rows, std::size_t cols, NpyOrder order) {
  const std::uint64_t shape[] = {rows, cols};
  std::string bytes = npy_header(sizeof(T) == 4 ? "'<f4'" : "'<f8'", shape);
  std::vector<T> values;
  for (std::size_t k = 0; k < rows * cols; ++k)
    values.push_back(order == NpyOrder::kC ? value_at<T>(k / cols, k % cols)
                                           : value_at<T>(k % rows, k / rows));
  if (order == NpyOrder::kFortran) {
    const std::size_t at = bytes.find("False");
    bytes.replace(at, 5, "True ");
  }
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return bytes;
}

template <class T>
void expect_every_range_is_copied(NpyOrder order) {
  const ScratchFolder folder;
  for (const std::size_t rows : {1u, 7u, 1300u}) {
    constexpr std::size_t kCols = 37;
    const auto file = NpyFile::open(folder.write("x.npy", npy_of<T>(rows, kCols, order)), NpyOrder::kFortran);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->order(), order);
    for (const std::size_t first : {0u, 1u, 16u, 36u}) {
      for (std::size_t n = 1; first + n <= kCols; n += 7) {
        std::vector<T> memory(rows * (n + 3), T{-1});
        copy_columns(*file, first, MatrixView<T>(memory.data(), rows, n, n + 3));
        for (std::size_t i = 0; i < rows; ++i) {
          for (std::size_t j = 0; j < n; ++j) ASSERT_EQ(memory[i * (n + 3) + j], value_at<T>(i, first + j));
          EXPECT_EQ(memory[i * (n + 3) + n], T{-1}) << "beyond the last column";
        }
      }
    }
  }
}

TEST(CopyColumns, FromRowsAndFromColumnsOfBothTypes) {
  expect_every_range_is_copied<float>(NpyOrder::kC);
  expect_every_range_is_copied<double>(NpyOrder::kC);
  expect_every_range_is_copied<float>(NpyOrder::kFortran);
  expect_every_range_is_copied<double>(NpyOrder::kFortran);
}

TEST(CopyColumns, WhatWasLetGoIsReadAgain) {
  const ScratchFolder folder;
  const auto file = NpyFile::open(folder.write("x.npy", npy_of<double>(3000, 5, NpyOrder::kC)));
  ASSERT_TRUE(file);
  file->forget(0, 15000);
  file->forget(14000, 1000000);  // beyond the end
  for (const std::size_t row : {0u, 1u, 1499u, 2999u})
    EXPECT_EQ(file->matrix<double>()(row, 3), value_at<double>(row, 3));
}

TEST(CopyColumns, FortranOrderIsForThoseWhoAskForIt) {
  const ScratchFolder folder;
  const std::string path = folder.write("x.npy", npy_of<float>(4, 4, NpyOrder::kFortran));
  EXPECT_FALSE(NpyFile::open(path));
  EXPECT_TRUE(NpyFile::open(path, NpyOrder::kFortran));
}

}  // namespace
}  // namespace penfield::formats
