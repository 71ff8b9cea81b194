#include "penfield/matrix_file/matrix_source.h"

#include <algorithm>
#include <cstring>

#include "penfield/base/half.h"
#include "penfield/base/parallel.h"
#include "penfield/formats/npy_columns.h"

namespace penfield::matrix_file {
namespace {

constexpr std::size_t kRowsOfPiece = 512;  // copied by one thread at a time

struct Brain16 {
  std::uint16_t bits;
  explicit operator float() const { return bfloat16_to_float(bits); }
  explicit operator double() const { return static_cast<double>(bfloat16_to_float(bits)); }
};

bool is_float32(ValueType type) {
  switch (type) {
    case ValueType::kFloat64:
    case ValueType::kInt32:
    case ValueType::kInt64:
    case ValueType::kUint32:
    case ValueType::kUint64:
      return false;
    default:
      return true;
  }
}

// The array may begin anywhere.
template <class S>
S load(const S* at) {
  S value{};
  std::memcpy(&value, at, sizeof(S));
  return value;
}

template <class S, class T>
void copy_values(const ArrayLayout& layout, std::uint64_t first, MatrixView<T> out) {
  const S* origin = static_cast<const S*>(layout.data) + static_cast<std::int64_t>(first) * layout.col_stride;
  const bool by_rows = std::abs(layout.col_stride) <= std::abs(layout.row_stride);
  const auto copy = [&](std::size_t i, std::size_t j) {
    const std::int64_t at =
        static_cast<std::int64_t>(i) * layout.row_stride + static_cast<std::int64_t>(j) * layout.col_stride;
    out(i, j) = static_cast<T>(load(origin + at));
  };
  parallel_for((out.rows + kRowsOfPiece - 1) / kRowsOfPiece, [&](std::size_t piece, int) {
    const std::size_t begin = piece * kRowsOfPiece;
    const std::size_t end = std::min(out.rows, begin + kRowsOfPiece);
    if (by_rows) {
      for (std::size_t i = begin; i < end; ++i)
        for (std::size_t j = 0; j < out.cols; ++j) copy(i, j);
    } else {
      for (std::size_t j = 0; j < out.cols; ++j)
        for (std::size_t i = begin; i < end; ++i) copy(i, j);
    }
  });
}

template <class T>
void copy_any(const ArrayLayout& layout, std::uint64_t first, MatrixView<T> out) {
  switch (layout.type) {
    case ValueType::kFloat16:
      return copy_values<Half>(layout, first, out);
    case ValueType::kBfloat16:
      return copy_values<Brain16>(layout, first, out);
    case ValueType::kFloat32:
      return copy_values<float>(layout, first, out);
    case ValueType::kFloat64:
      return copy_values<double>(layout, first, out);
    case ValueType::kInt8:
      return copy_values<std::int8_t>(layout, first, out);
    case ValueType::kInt16:
      return copy_values<std::int16_t>(layout, first, out);
    case ValueType::kInt32:
      return copy_values<std::int32_t>(layout, first, out);
    case ValueType::kInt64:
      return copy_values<std::int64_t>(layout, first, out);
    case ValueType::kUint8:
      return copy_values<std::uint8_t>(layout, first, out);
    case ValueType::kUint16:
      return copy_values<std::uint16_t>(layout, first, out);
    case ValueType::kUint32:
      return copy_values<std::uint32_t>(layout, first, out);
    case ValueType::kUint64:
      return copy_values<std::uint64_t>(layout, first, out);
  }
}

template <class T>
std::optional<MatrixView<const T>> view_of(const ArrayLayout& layout) {
  const auto n_cols = static_cast<std::int64_t>(layout.n_cols);
  const bool is_aligned = reinterpret_cast<std::uintptr_t>(layout.data) % alignof(T) == 0;
  const bool has_rows =
      (layout.col_stride == 1 || n_cols == 1) && (layout.row_stride >= n_cols || layout.n_rows == 1);
  if (layout.is_paged || !is_aligned || !has_rows) return std::nullopt;
  const auto stride = static_cast<std::size_t>(std::max(layout.row_stride, n_cols));
  return MatrixView<const T>(static_cast<const T*>(layout.data), static_cast<std::size_t>(layout.n_rows),
                             static_cast<std::size_t>(layout.n_cols), stride);
}

}  // namespace

NpyMatrix::NpyMatrix(const formats::NpyFile& file)
    : MatrixSource(file.path(), file.shape()[0], file.shape()[1], formats::fits_float32(file.dtype())),
      file_(file) {}

void NpyMatrix::copy_columns(std::uint64_t first, MatrixView<float> out) const {
  formats::copy_columns<float>(file_, first, out);
}
void NpyMatrix::copy_columns(std::uint64_t first, MatrixView<double> out) const {
  formats::copy_columns<double>(file_, first, out);
}

ArrayMatrix::ArrayMatrix(std::string name, const ArrayLayout& layout)
    : MatrixSource(std::move(name), layout.n_rows, layout.n_cols, is_float32(layout.type)), layout_(layout) {}

std::optional<MatrixView<const float>> ArrayMatrix::floats() const {
  return layout_.type == ValueType::kFloat32 ? view_of<float>(layout_) : std::nullopt;
}
std::optional<MatrixView<const double>> ArrayMatrix::doubles() const {
  return layout_.type == ValueType::kFloat64 ? view_of<double>(layout_) : std::nullopt;
}
void ArrayMatrix::copy_columns(std::uint64_t first, MatrixView<float> out) const {
  copy_any(layout_, first, out);
}
void ArrayMatrix::copy_columns(std::uint64_t first, MatrixView<double> out) const {
  copy_any(layout_, first, out);
}

}  // namespace penfield::matrix_file
