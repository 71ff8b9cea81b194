#include "penfield/matrix_file/open_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string_view>
#include <vector>

#include "penfield/formats/safetensors_for_tests.h"
#include "penfield/formats/safetensors_writer.h"
#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::matrix_file {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OpenMatrix : public ::testing::Test {
 protected:
  // "a": float32 [3, 2]; "b": bfloat16 [1, 2]; "c": float16 [2]; "d": 8-bit floats [1, 2].
  OpenMatrix() {
    const std::string header = R"({"a":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},)"
                               R"("b":{"dtype":"BF16","shape":[1,2],"data_offsets":[24,28]},)"
                               R"("c":{"dtype":"F16","shape":[2],"data_offsets":[28,32]},)"
                               R"("d":{"dtype":"F8_E4M3","shape":[1,2],"data_offsets":[32,34]}})";
    const std::string data = formats::bytes_of<float>({1, 2, 3, 4, 5, 6}) +
                             formats::bytes_of<std::uint16_t>({0x3F80, 0xC000, 0, 0}) + std::string(2, '\0');
    std::ofstream(several_, std::ios::binary) << formats::file_of(header, data);
  }
  [[nodiscard]] std::string refusal(const std::string& tensor) const {
    const auto matrix = open_matrix(several_, tensor);
    EXPECT_FALSE(matrix) << tensor;
    return matrix ? "" : matrix.error().message;
  }

  formats::ScratchFolder folder_;
  std::string several_ = folder_.path("several.safetensors");
};

TEST_F(OpenMatrix, ReadsTheTensorThatIsNamed) {
  const auto a = open_matrix(several_, "a");
  ASSERT_TRUE(a) << a.error().message;
  EXPECT_EQ((*a)->n_rows(), 3u);
  EXPECT_EQ((*a)->n_cols(), 2u);
  EXPECT_TRUE((*a)->fits_float32());
  std::vector<float> column(3);
  (*a)->copy_columns(1, MatrixView<float>(column.data(), 3, 1));
  EXPECT_THAT(column, ElementsAre(2, 4, 6));
  const auto b = open_matrix(several_, "b");
  ASSERT_TRUE(b) << b.error().message;
  std::vector<double> row(2);
  (*b)->copy_columns(0, MatrixView<double>(row.data(), 1, 2));
  EXPECT_THAT(row, ElementsAre(1, -2));
}

TEST_F(OpenMatrix, TheOnlyTensorNeedsNoName) {
  const std::string path = folder_.path("one.safetensors");
  auto writer = formats::SafetensorsWriter::create(path, "mlp.pre.L3", 2, 2);
  const std::vector<float> values = {1, 2, 3, 4};
  ASSERT_TRUE(writer && writer->append(values) && writer->commit());
  const auto matrix = open_matrix(path);
  ASSERT_TRUE(matrix) << matrix.error().message;
  EXPECT_THAT((*matrix)->name(), HasSubstr("one.safetensors: tensor 'mlp.pre.L3'"));
}

TEST_F(OpenMatrix, SaysWhichTensorsThereAre) {
  EXPECT_THAT(refusal(""), AllOf(HasSubstr("--tensor"), HasSubstr("4 tensors"), HasSubstr("a, b, c, d")));
  EXPECT_THAT(refusal("x"), AllOf(HasSubstr("x"), HasSubstr("it has a, b, c, d")));
  EXPECT_THAT(refusal("c"), HasSubstr("[samples, units]"));
  EXPECT_THAT(refusal("d"), HasSubstr("F8_E4M3"));
  const auto npy = open_matrix(folder_.path("x.npy"), "a");
  ASSERT_FALSE(npy);
  EXPECT_EQ(npy.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(npy.error().message, HasSubstr(".safetensors"));
}

}  // namespace
}  // namespace penfield::matrix_file
