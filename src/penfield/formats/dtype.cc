#include "penfield/formats/dtype.h"

#include <algorithm>
#include <array>
#include <span>

#include "penfield/base/checked.h"

namespace penfield::formats {
namespace {

struct DtypeRow {
  Dtype dtype;
  std::string_view name;
  DtypeBlock block;
};

constexpr std::array<DtypeRow, 33> kDtypes = {{
    {Dtype::kF32, "F32", {1, 4}},         {Dtype::kF16, "F16", {1, 2}},
    {Dtype::kBF16, "BF16", {1, 2}},       {Dtype::kF64, "F64", {1, 8}},
    {Dtype::kI64, "I64", {1, 8}},         {Dtype::kU64, "U64", {1, 8}},
    {Dtype::kC64, "C64", {1, 8}},         {Dtype::kI32, "I32", {1, 4}},
    {Dtype::kU32, "U32", {1, 4}},         {Dtype::kI16, "I16", {1, 2}},
    {Dtype::kU16, "U16", {1, 2}},         {Dtype::kI8, "I8", {1, 1}},
    {Dtype::kU8, "U8", {1, 1}},           {Dtype::kBool, "BOOL", {1, 1}},
    {Dtype::kF8E5M2, "F8_E5M2", {1, 1}},  {Dtype::kF8E4M3, "F8_E4M3", {1, 1}},
    {Dtype::kF8E8M0, "F8_E8M0", {1, 1}},  {Dtype::kF6E2M3, "F6_E2M3", {4, 3}},
    {Dtype::kF6E3M2, "F6_E3M2", {4, 3}},  {Dtype::kF4, "F4", {2, 1}},
    {Dtype::kQ4_0, "Q4_0", {32, 18}},     {Dtype::kQ4_1, "Q4_1", {32, 20}},
    {Dtype::kQ5_0, "Q5_0", {32, 22}},     {Dtype::kQ5_1, "Q5_1", {32, 24}},
    {Dtype::kQ8_0, "Q8_0", {32, 34}},     {Dtype::kQ2_K, "Q2_K", {256, 84}},
    {Dtype::kQ3_K, "Q3_K", {256, 110}},   {Dtype::kQ4_K, "Q4_K", {256, 144}},
    {Dtype::kQ5_K, "Q5_K", {256, 176}},   {Dtype::kQ6_K, "Q6_K", {256, 210}},
    {Dtype::kIQ4_NL, "IQ4_NL", {32, 18}}, {Dtype::kIQ4_XS, "IQ4_XS", {256, 136}},
    {Dtype::kMXFP4, "MXFP4", {32, 17}},
}};
constexpr std::size_t kSafetensorsDtypes = static_cast<std::size_t>(Dtype::kF4) + 1;

constexpr bool dtypes_are_in_order() {
  for (std::size_t i = 0; i < kDtypes.size(); ++i) {
    if (static_cast<std::size_t>(kDtypes[i].dtype) != i) return false;
  }
  return true;
}
static_assert(dtypes_are_in_order(), "the table is indexed by the enum's value");

const DtypeRow& row_of(Dtype dtype) {
  return kDtypes[static_cast<std::size_t>(dtype)];
}

}  // namespace

std::string_view dtype_name(Dtype dtype) {
  return row_of(dtype).name;
}

std::optional<Dtype> safetensors_dtype(std::string_view name) {
  const auto rows = std::span(kDtypes).first<kSafetensorsDtypes>();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const DtypeRow& r) { return r.name == name; });
  if (row == rows.end()) return std::nullopt;
  return row->dtype;
}

DtypeBlock dtype_block(Dtype dtype) {
  return row_of(dtype).block;
}

std::optional<std::uint64_t> dtype_bytes(Dtype dtype, std::uint64_t n_values) {
  const DtypeBlock block = dtype_block(dtype);
  if (n_values % block.n_values != 0) return std::nullopt;
  return checked_mul<std::uint64_t>(n_values / block.n_values, block.n_bytes);
}

}  // namespace penfield::formats
