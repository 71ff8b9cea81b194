#include "arrays.h"

#include <fmt/format.h>

#include <optional>

#include "penfield/matrix_file/associate.h"
#include "work.h"

namespace nb = nanobind;

namespace penfield::python {
namespace {

using matrix_file::ValueType;

std::optional<ValueType> integer_type(std::uint8_t bits, bool is_signed) {
  switch (bits) {
    case 8:
      return is_signed ? ValueType::kInt8 : ValueType::kUint8;
    case 16:
      return is_signed ? ValueType::kInt16 : ValueType::kUint16;
    case 32:
      return is_signed ? ValueType::kInt32 : ValueType::kUint32;
    case 64:
      return is_signed ? ValueType::kInt64 : ValueType::kUint64;
    default:
      return std::nullopt;
  }
}

std::optional<ValueType> value_type(const nb::dlpack::dtype& type) {
  using Code = nb::dlpack::dtype_code;
  if (type.lanes != 1) return std::nullopt;
  switch (static_cast<Code>(type.code)) {
    case Code::Float:
      if (type.bits == 16) return ValueType::kFloat16;
      if (type.bits == 32) return ValueType::kFloat32;
      if (type.bits == 64) return ValueType::kFloat64;
      return std::nullopt;
    case Code::Bfloat:
      return type.bits == 16 ? std::optional(ValueType::kBfloat16) : std::nullopt;
    case Code::Int:
      return integer_type(type.bits, true);
    case Code::UInt:
      return integer_type(type.bits, false);
    case Code::Bool:
      return type.bits == 8 ? std::optional(ValueType::kUint8) : std::nullopt;
    default:
      return std::nullopt;
  }
}

[[noreturn]] void raise_bad(std::string message) {
  throw Raised{{ErrorKind::kBadInput, std::move(message)}};
}

std::string type_name(const nb::object& object) {
  const auto words = [](const nb::object& any) { return std::string(nb::str(any).c_str()); };
  const std::string name = words(nb::object(object.type().attr("__name__")));
  return nb::hasattr(object, "dtype") ? name + " of " + words(nb::object(object.attr("dtype"))) : name;
}

}  // namespace

Array to_array(const nb::object& object, const std::string& name) {
  Array array;
  if (!nb::try_cast<Array>(object, array, false)) {
    raise_bad(
        fmt::format("{}: {} is no array that can be read; give numbers by DLPack, the buffer protocol "
                    "or __array__",
                    name, type_name(object)));
  }
  if (array.device_type() != nb::device::cpu::value) {
    raise_bad(fmt::format("{}: the array is in the memory of another device; give {}.cpu()", name, name));
  }
  if (!value_type(array.dtype()))
    raise_bad(fmt::format("{}: {}; values are real numbers of 8 to 64 bits", name, type_name(object)));
  return array;
}

matrix_file::ArrayLayout to_layout(const Array& array, const std::string& name, bool as_bfloat16) {
  std::vector<std::uint64_t> shape;
  for (std::size_t axis = 0; axis < array.ndim(); ++axis) shape.push_back(array.shape(axis));
  value_or_raise(matrix_file::check_matrix(name, shape));
  return {.data = array.data(),
          .type = as_bfloat16 ? ValueType::kBfloat16 : *value_type(array.dtype()),
          .n_rows = array.shape(0),
          .n_cols = array.shape(1),
          .row_stride = array.stride(0),
          .col_stride = array.stride(1)};
}

matrix_file::Values to_values(const Array& array, const std::string& name) {
  matrix_file::Values out{.name = name, .shape = {}, .values = {}};
  for (std::size_t axis = 0; axis < array.ndim(); ++axis) out.shape.push_back(array.shape(axis));
  if (array.ndim() == 0 || array.ndim() > 2 || array.size() == 0) return out;  // refused for its shape
  const bool is_row = array.ndim() == 1;
  const matrix_file::ArrayLayout layout{.data = array.data(),
                                        .type = *value_type(array.dtype()),
                                        .n_rows = array.shape(0),
                                        .n_cols = is_row ? 1 : array.shape(1),
                                        .row_stride = array.stride(0),
                                        .col_stride = is_row ? 1 : array.stride(1)};
  out.values.resize(array.size());
  matrix_file::ArrayMatrix(name, layout)
      .copy_columns(0, MatrixView<double>(out.values.data(), static_cast<std::size_t>(layout.n_rows),
                                          static_cast<std::size_t>(layout.n_cols)));
  return out;
}

}  // namespace penfield::python
