#include "penfield/matrix_file/fit_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "penfield/association/fit.h"
#include "penfield/association/scalar/simulated_columns_for_tests.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::matrix_file {
namespace {

constexpr std::size_t kRows = 90;
constexpr std::size_t kCols = 75;

class FitMatrix : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(
        formats::write_npy(folder_.path() + "/x.npy", MatrixView<const float>(x_.data(), kRows, kCols)));
  }

  formats::ScratchFolder folder_;
  std::vector<std::uint8_t> labels_ = association::simulated::labels(kRows, 40, 1);
  std::vector<float> x_ = association::simulated::activations<float>(labels_, kCols, 1.0, 2);
};

TEST_F(FitMatrix, TheResultDoesNotDependOnHowManyColumnsAreTakenAtOnce) {
  const auto file = formats::NpyFile::open(folder_.path() + "/x.npy");
  ASSERT_TRUE(file) << file.error().message;
  const association::FitTable whole =
      association::fit_columns(MatrixView<const float>(x_.data(), kRows, kCols), labels_);
  for (const std::uint64_t at_once : {16u, 32u, 75u}) {
    const auto table = fit_matrix(NpyMatrix(*file), labels_, {.columns_at_once = at_once});
    ASSERT_TRUE(table) << table.error().message;
    ASSERT_EQ(table->rows.size(), kCols);
    EXPECT_EQ(table->n_target, 40u);
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): rows are copied whole, and NaN is to equal NaN
    EXPECT_EQ(std::memcmp(table->rows.data(), whole.rows.data(), kCols * sizeof(association::UnitFit)), 0)
        << at_once;
  }
}

TEST_F(FitMatrix, MemoryIsForAsManyColumnsAsItHolds) {
  const auto file = formats::NpyFile::open(folder_.path() + "/x.npy");
  ASSERT_TRUE(file);
  const auto free = plan_fit(NpyMatrix(*file), {}, std::nullopt);
  ASSERT_TRUE(free);
  EXPECT_EQ(free->columns_at_once, kCols);
  const std::uint64_t column = kRows * sizeof(float);
  const std::uint64_t all_but_columns = free->bytes - kCols * column;
  const auto forty = plan_fit(NpyMatrix(*file), {}, all_but_columns + 40 * column);
  ASSERT_TRUE(forty);
  EXPECT_EQ(forty->columns_at_once, 32u) << "whole panels";
  EXPECT_LE(forty->bytes, all_but_columns + 40 * column);
  EXPECT_TRUE(plan_fit(NpyMatrix(*file), {}, all_but_columns + 16 * column));
  const auto refused = plan_fit(NpyMatrix(*file), {}, all_but_columns + 16 * column - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kMemory);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("need at least"));
}

}  // namespace
}  // namespace penfield::matrix_file
