#include "penfield/formats/dtype.h"

#include <algorithm>
#include <array>
#include <span>

#include "penfield/base/checked.h"

namespace penfield::formats {
namespace {

using numeric::Encoding;

struct TensorDtypeRow {
  Dtype dtype;
  std::string_view name;
  DtypeBlock block;
  std::optional<Encoding> encoding;
};

// What no weights are made of.
constexpr TensorDtypeRow number_type(Dtype dtype, std::string_view name, std::uint32_t n_values,
                                     std::uint32_t n_bytes) {
  return {dtype, name, {n_values, n_bytes}, std::nullopt};
}
constexpr TensorDtypeRow weight_type(Dtype dtype, std::string_view name, Encoding encoding) {
  const numeric::EncodedBlock block = numeric::block_of(encoding);
  return {dtype, name, {block.n_values, block.n_bytes}, encoding};
}

constexpr std::array<TensorDtypeRow, 33> kTensorDtypes = {{
    weight_type(Dtype::kF32, "F32", Encoding::kFloat32),
    weight_type(Dtype::kF16, "F16", Encoding::kFloat16),
    weight_type(Dtype::kBF16, "BF16", Encoding::kBfloat16),
    number_type(Dtype::kF64, "F64", 1, 8),
    number_type(Dtype::kI64, "I64", 1, 8),
    number_type(Dtype::kU64, "U64", 1, 8),
    number_type(Dtype::kC64, "C64", 1, 8),
    number_type(Dtype::kI32, "I32", 1, 4),
    number_type(Dtype::kU32, "U32", 1, 4),
    number_type(Dtype::kI16, "I16", 1, 2),
    number_type(Dtype::kU16, "U16", 1, 2),
    number_type(Dtype::kI8, "I8", 1, 1),
    number_type(Dtype::kU8, "U8", 1, 1),
    number_type(Dtype::kBool, "BOOL", 1, 1),
    number_type(Dtype::kF8E5M2, "F8_E5M2", 1, 1),
    number_type(Dtype::kF8E4M3, "F8_E4M3", 1, 1),
    number_type(Dtype::kF8E8M0, "F8_E8M0", 1, 1),
    number_type(Dtype::kF6E2M3, "F6_E2M3", 4, 3),
    number_type(Dtype::kF6E3M2, "F6_E3M2", 4, 3),
    number_type(Dtype::kF4, "F4", 2, 1),
    weight_type(Dtype::kQ4_0, "Q4_0", Encoding::kQ4_0),
    weight_type(Dtype::kQ4_1, "Q4_1", Encoding::kQ4_1),
    weight_type(Dtype::kQ5_0, "Q5_0", Encoding::kQ5_0),
    weight_type(Dtype::kQ5_1, "Q5_1", Encoding::kQ5_1),
    weight_type(Dtype::kQ8_0, "Q8_0", Encoding::kQ8_0),
    weight_type(Dtype::kQ2_K, "Q2_K", Encoding::kQ2_K),
    weight_type(Dtype::kQ3_K, "Q3_K", Encoding::kQ3_K),
    weight_type(Dtype::kQ4_K, "Q4_K", Encoding::kQ4_K),
    weight_type(Dtype::kQ5_K, "Q5_K", Encoding::kQ5_K),
    weight_type(Dtype::kQ6_K, "Q6_K", Encoding::kQ6_K),
    weight_type(Dtype::kIQ4_NL, "IQ4_NL", Encoding::kIQ4_NL),
    weight_type(Dtype::kIQ4_XS, "IQ4_XS", Encoding::kIQ4_XS),
    weight_type(Dtype::kMXFP4, "MXFP4", Encoding::kMXFP4),
}};
constexpr std::size_t kSafetensorsDtypes = static_cast<std::size_t>(Dtype::kF4) + 1;

constexpr bool dtypes_are_in_order() {
  for (std::size_t i = 0; i < kTensorDtypes.size(); ++i) {
    if (static_cast<std::size_t>(kTensorDtypes[i].dtype) != i) return false;
  }
  return true;
}
static_assert(dtypes_are_in_order(), "the table is indexed by the enum's value");

const TensorDtypeRow& dtype_row(Dtype dtype) {
  return kTensorDtypes[static_cast<std::size_t>(dtype)];
}

}  // namespace

std::string_view dtype_name(Dtype dtype) {
  return dtype_row(dtype).name;
}

std::optional<Dtype> safetensors_dtype(std::string_view name) {
  const auto rows = std::span(kTensorDtypes).first<kSafetensorsDtypes>();
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const TensorDtypeRow& r) { return r.name == name; });
  if (row == rows.end()) return std::nullopt;
  return row->dtype;
}

DtypeBlock dtype_block(Dtype dtype) {
  return dtype_row(dtype).block;
}

std::optional<Encoding> encoding_of(Dtype dtype) {
  return dtype_row(dtype).encoding;
}

std::optional<std::uint64_t> dtype_bytes(Dtype dtype, std::uint64_t n_values) {
  const DtypeBlock block = dtype_block(dtype);
  if (n_values % block.n_values != 0) return std::nullopt;
  return checked_mul<std::uint64_t>(n_values / block.n_values, block.n_bytes);
}

}  // namespace penfield::formats
