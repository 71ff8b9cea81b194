// A file that the Python package gguf wrote (tools/make_gguf_goldens.py): the reader against another writer,
// and every type's values against that package's, bit by bit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "penfield/formats/gguf/gguf_file.h"

namespace penfield::formats {
namespace {

using testing::HasSubstr;

constexpr const char* kPath = "tests/golden/gguf/blocks.gguf";

TEST(GgufGolden, EveryTypeHasTheValuesOfThePackageGguf) {
  const auto file = open_gguf(kPath);
  ASSERT_TRUE(file) << file.error().message;
  const auto types = file->metadata.strings("golden.types");
  ASSERT_TRUE(types) << types.error().message;
  ASSERT_EQ(types->size(), 15u);
  for (const std::string_view type : *types) {
    SCOPED_TRACE(type);
    const Tensor* blocks = file->tensors.find(type);
    const Tensor* expected = file->tensors.find(std::string(type) + ".values");
    ASSERT_NE(blocks, nullptr);
    ASSERT_NE(expected, nullptr);
    EXPECT_EQ(dtype_name(blocks->dtype), type);
    EXPECT_EQ(blocks->shape, expected->shape);
    std::vector<float> values(blocks->n_values());
    ASSERT_TRUE(copy_to_float(*blocks, values));
    const auto wanted = as_float_view(*expected);
    ASSERT_TRUE(wanted);
    ASSERT_EQ(wanted->size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(values[i]), std::bit_cast<std::uint32_t>((*wanted)[i])) << i;
    }
  }
}

TEST(GgufGolden, ScalesThatAreNotFiniteAreRefused) {
  const auto file = open_gguf(kPath);
  ASSERT_TRUE(file) << file.error().message;
  std::size_t n_refused = 0;
  for (const Tensor& tensor : file->tensors.tensors()) {
    if (!tensor.name.ends_with(".not_finite")) continue;
    const std::uint64_t block = dtype_block(tensor.dtype).n_values;
    std::vector<float> values(tensor.n_values());
    EXPECT_THAT(copy_to_float(tensor, values).error().message,
                HasSubstr(fmt::format("tensor '{}': the scale of values 0 to {} is NaN or infinite",
                                      tensor.name, block - 1)));
    // Each of the other blocks alone is refused, too.
    Tensor one = tensor;
    for (std::size_t i = 1; i < 3; ++i) {
      one.bytes =
          tensor.bytes.subspan(i * dtype_block(tensor.dtype).n_bytes, dtype_block(tensor.dtype).n_bytes);
      EXPECT_FALSE(check_finite(one)) << tensor.name;
    }
    ++n_refused;
  }
  EXPECT_EQ(n_refused, 13u);
}

}  // namespace
}  // namespace penfield::formats
