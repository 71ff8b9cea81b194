#include "penfield/formats/dtype.h"

#include <gtest/gtest.h>

namespace penfield::formats {
namespace {

TEST(Dtype, BytesAreThoseOfWholeBlocks) {
  EXPECT_EQ(dtype_bytes(Dtype::kF32, 3), 12u);
  EXPECT_EQ(dtype_bytes(Dtype::kF4, 6), 3u);
  EXPECT_EQ(dtype_bytes(Dtype::kF4, 7), std::nullopt);
  EXPECT_EQ(dtype_bytes(Dtype::kF6E2M3, 8), 6u);
  EXPECT_EQ(dtype_bytes(Dtype::kF6E2M3, 6), std::nullopt);
  EXPECT_EQ(dtype_bytes(Dtype::kQ4_K, 512), 288u);
  EXPECT_EQ(dtype_bytes(Dtype::kQ4_K, 513), std::nullopt);
  EXPECT_EQ(dtype_bytes(Dtype::kF64, std::uint64_t{1} << 61), std::nullopt);
}

TEST(Dtype, SafetensorsKnowsNoBlockFormat) {
  EXPECT_EQ(safetensors_dtype("F4"), Dtype::kF4);
  EXPECT_EQ(safetensors_dtype("BF16"), Dtype::kBF16);
  EXPECT_EQ(safetensors_dtype("Q4_0"), std::nullopt);
  EXPECT_EQ(dtype_name(Dtype::kMXFP4), "MXFP4");
}

}  // namespace
}  // namespace penfield::formats
