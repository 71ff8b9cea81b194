#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "penfield/formats/safetensors_for_tests.h"
#include "penfield/formats/tensor_file.h"

namespace penfield::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Tensor tensor_of(Dtype dtype, std::string_view bytes) {
  Tensor tensor;
  tensor.name = "h.0.weight";
  tensor.dtype = dtype;
  tensor.bytes = std::as_bytes(std::span(bytes));
  tensor.file = "w.safetensors";
  tensor.shape = {tensor.n_values()};
  return tensor;
}

TEST(TensorValues, AreConvertedExactly) {
  std::vector<float> out(4);
  const std::string half = bytes_of<std::uint16_t>({0x0001, 0x83ff, 0x7bff, 0x3555});
  ASSERT_TRUE(copy_to_float(tensor_of(Dtype::kF16, half), out));
  EXPECT_THAT(out, ElementsAre(0x1p-24f, -0x3ffp-24f, 65504.0f, 0.333251953125f));
  const std::string brain = bytes_of<std::uint16_t>({0x0001, 0x8000, 0x7f7f, 0x3eab});
  ASSERT_TRUE(copy_to_float(tensor_of(Dtype::kBF16, brain), out));
  EXPECT_THAT(out, ElementsAre(0x1p-133f, -0.0f, 0x1.fep127f, 0.333984375f));
  EXPECT_TRUE(std::signbit(out[1]));
}

TEST(TensorValues, AreReadFromAnyAddress) {
  const std::string values = bytes_of({1.0f, -2.0f, 3.0f});
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const std::string storage = std::string(shift, 'x') + values;
    const Tensor tensor = tensor_of(Dtype::kF32, std::string_view(storage).substr(shift));
    std::vector<float> out(3);
    ASSERT_TRUE(copy_to_float(tensor, out));
    EXPECT_THAT(out, ElementsAre(1.0f, -2.0f, 3.0f));
    const auto view = as_float_view(tensor);
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % 4 == 0;
    ASSERT_EQ(view.has_value(), is_aligned);
    if (is_aligned) {
      EXPECT_THAT(*view, ElementsAre(1.0f, -2.0f, 3.0f));
    }
  }
}

TEST(TensorValues, MustBeFinite) {
  const float bad[] = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                       -std::numeric_limits<float>::infinity()};
  for (const std::size_t n : {1u, 7u, 4095u, 4096u, 4097u, 10'000u}) {
    for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
      std::vector<float> values(n, std::numeric_limits<float>::max());
      const std::string_view bytes(reinterpret_cast<const char*>(values.data()), n * sizeof(float));
      const Tensor tensor = tensor_of(Dtype::kF32, bytes);
      ASSERT_TRUE(check_finite(tensor));
      values[at] = bad[(n + at) % 3];
      const auto checked = check_finite(tensor);
      ASSERT_FALSE(checked) << n << ' ' << at;
      EXPECT_EQ(checked.error().message,
                fmt::format("w.safetensors: tensor 'h.0.weight': value {} is NaN or infinite", at));
      std::vector<float> out(n);
      EXPECT_EQ(copy_to_float(tensor, out).error().kind, ErrorKind::kBadInput);
    }
  }
  for (const std::uint16_t bits : {0x7c00, 0xfc00, 0x7e00, 0x7c01}) {
    EXPECT_FALSE(check_finite(tensor_of(Dtype::kF16, bytes_of<std::uint16_t>({0x7bff, bits}))));
  }
  for (const std::uint16_t bits : {0x7f80, 0xff80, 0x7fc0, 0x7f81}) {
    EXPECT_FALSE(check_finite(tensor_of(Dtype::kBF16, bytes_of<std::uint16_t>({0x7f7f, bits}))));
  }
}

TEST(TensorValues, OfOtherTypesAreRefused) {
  const std::string bytes(16, '\0');
  std::vector<float> out(2);
  for (const Dtype dtype : {Dtype::kF64, Dtype::kI64}) {
    const Tensor tensor = tensor_of(dtype, bytes);
    EXPECT_THAT(copy_to_float(tensor, out).error().message, HasSubstr(dtype_name(dtype)));
    EXPECT_FALSE(check_finite(tensor));
    EXPECT_FALSE(as_float_view(tensor));
  }
  EXPECT_EQ(dtype_name(Dtype::kF8E4M3), "F8_E4M3");
  EXPECT_EQ(dtype_bytes(Dtype::kF4, 2), 1u);
}

}  // namespace
}  // namespace penfield::formats
