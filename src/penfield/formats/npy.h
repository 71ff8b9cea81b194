// NumPy's .npy: a mapped reader of formats 1.0, 2.0 and 3.0, and a streaming writer.
//
// Source: numpy.lib.format, "NPY format specification". Little-endian; C order and, on request, Fortran
// order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "penfield/base/check.h"
#include "penfield/base/half.h"
#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/mapped_file.h"

namespace penfield::formats {

enum class NpyDtype : std::uint8_t { kF2, kF4, kF8, kI1, kU1, kB1, kI2, kI4, kI8, kU2, kU4, kU8 };

// NumPy's name: "float32", "bool", …
[[nodiscard]] std::string_view npy_dtype_name(NpyDtype dtype);

// Is every value of the type a float32?
[[nodiscard]] constexpr bool fits_float32(NpyDtype dtype) {
  switch (dtype) {
    case NpyDtype::kF8:
    case NpyDtype::kI4:
    case NpyDtype::kI8:
    case NpyDtype::kU4:
    case NpyDtype::kU8:
      return false;
    default:
      return true;
  }
}

template <class T>
inline constexpr std::optional<NpyDtype> npy_dtype_of = std::nullopt;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<float> = NpyDtype::kF4;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<double> = NpyDtype::kF8;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::int8_t> = NpyDtype::kI1;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::uint8_t> = NpyDtype::kU1;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::int16_t> = NpyDtype::kI2;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::int32_t> = NpyDtype::kI4;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::int64_t> = NpyDtype::kI8;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::uint16_t> = NpyDtype::kU2;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::uint32_t> = NpyDtype::kU4;
template <>
inline constexpr std::optional<NpyDtype> npy_dtype_of<std::uint64_t> = NpyDtype::kU8;

enum class NpyOrder : std::uint8_t { kC, kFortran };

class NpyFile {
 public:
  // kBadInput names the file and the rule: not .npy, another byte order, Python objects, a length that does
  // not match the shape, or Fortran order, unless `widest` allows it; such a file is read by copy_columns
  // (npy_columns.h). kIo: cannot be read.
  [[nodiscard]] static Result<NpyFile> open(const std::string& path, NpyOrder widest = NpyOrder::kC);

  [[nodiscard]] NpyDtype dtype() const { return dtype_; }
  [[nodiscard]] const std::vector<std::uint64_t>& shape() const { return shape_; }
  [[nodiscard]] std::uint64_t n_values() const { return n_values_; }
  [[nodiscard]] const std::string& path() const { return file_.path(); }
  [[nodiscard]] NpyOrder order() const { return order_; }

  // Do the values lie along one axis, as in [n], [n, 1] and [1, n]?
  [[nodiscard]] bool is_vector() const;

  // All values in the file's order. T must match dtype().
  template <class T>
  [[nodiscard]] std::span<const T> values() const {
    PENFIELD_CHECK(npy_dtype_of<T> == dtype_);
    return values_as<T>();
  }
  // take(values) with the values as a span of their own type: Half, float, double, a type of integers; bool
  // as std::uint8_t.
  template <class Take>
  void visit_values(const Take& take) const {
    switch (dtype_) {
      case NpyDtype::kF2:
        return take(values_as<Half>());
      case NpyDtype::kF4:
        return take(values_as<float>());
      case NpyDtype::kF8:
        return take(values_as<double>());
      case NpyDtype::kI1:
        return take(values_as<std::int8_t>());
      case NpyDtype::kU1:
      case NpyDtype::kB1:
        return take(values_as<std::uint8_t>());
      case NpyDtype::kI2:
        return take(values_as<std::int16_t>());
      case NpyDtype::kI4:
        return take(values_as<std::int32_t>());
      case NpyDtype::kI8:
        return take(values_as<std::int64_t>());
      case NpyDtype::kU2:
        return take(values_as<std::uint16_t>());
      case NpyDtype::kU4:
        return take(values_as<std::uint32_t>());
      case NpyDtype::kU8:
        return take(values_as<std::uint64_t>());
    }
  }
  // As a matrix [rows, cols]; the array must have two axes and C order.
  template <class T>
  [[nodiscard]] MatrixView<const T> matrix() const {
    PENFIELD_CHECK(shape_.size() == 2 && order_ == NpyOrder::kC);
    return {values<T>().data(), static_cast<std::size_t>(shape_[0]), static_cast<std::size_t>(shape_[1])};
  }
  // Every value of any dtype as a double (int64 and uint64 beyond 2^53 round; bool is 0 or 1).
  [[nodiscard]] std::vector<double> to_doubles() const;

  // Releases the memory of n mapped values from `first` on, in the file's order; the next access reads them
  // again.
  void forget(std::uint64_t first, std::uint64_t n) const;

 private:
  explicit NpyFile(MappedFile file) : file_(std::move(file)) {}

  template <class T>
  [[nodiscard]] std::span<const T> values_as() const {
    return {reinterpret_cast<const T*>(data_.data()), static_cast<std::size_t>(n_values_)};
  }

  MappedFile file_;
  NpyDtype dtype_ = NpyDtype::kF4;
  NpyOrder order_ = NpyOrder::kC;
  std::vector<std::uint64_t> shape_;
  std::uint64_t n_values_ = 0;
  std::vector<std::byte> aligned_;   // a copy, only if the file's data are not aligned
  std::span<const std::byte> data_;  // of file_ or aligned_
};

// Writes float32 [rows, cols] row by row; the number of rows is known beforehand.
class NpyWriter {
 public:
  [[nodiscard]] static Result<NpyWriter> create(const std::string& path, std::uint64_t rows,
                                                std::uint64_t cols);

  // One or more whole rows.
  [[nodiscard]] Result<void> append(std::span<const float> values);
  // Flushes and syncs; see AtomicFile::finish. All announced rows must have been appended.
  [[nodiscard]] Result<void> finish();
  [[nodiscard]] Result<void> commit();

 private:
  NpyWriter(AtomicFile file, std::uint64_t n_values, std::uint64_t cols)
      : file_(std::move(file)), n_values_left_(n_values), cols_(cols) {}
  AtomicFile file_;
  std::uint64_t n_values_left_;
  std::uint64_t cols_;
};

[[nodiscard]] Result<void> write_npy(const std::string& path, MatrixView<const float> matrix);

}  // namespace penfield::formats
