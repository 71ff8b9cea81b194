// A matrix [samples, units] wherever it lies: in a .npy file, or in the memory of another program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "penfield/base/matrix_view.h"
#include "penfield/formats/npy.h"

namespace penfield::matrix_file {

class MatrixSource {
 public:
  virtual ~MatrixSource() = default;
  MatrixSource(const MatrixSource&) = delete;
  MatrixSource& operator=(const MatrixSource&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }  // in messages
  [[nodiscard]] std::uint64_t n_rows() const { return n_rows_; }
  [[nodiscard]] std::uint64_t n_cols() const { return n_cols_; }
  // Is every value of its type a float32? Then it is computed from float32, else from float64.
  [[nodiscard]] bool fits_float32() const { return fits_float32_; }

  // The values where they lie, if they lie row by row as this type in memory; otherwise columns are copied.
  [[nodiscard]] virtual std::optional<MatrixView<const float>> floats() const { return std::nullopt; }
  [[nodiscard]] virtual std::optional<MatrixView<const double>> doubles() const { return std::nullopt; }
  // out[i, j] = matrix[i, first + j]; out has all rows.
  virtual void copy_columns(std::uint64_t first, MatrixView<float> out) const = 0;
  virtual void copy_columns(std::uint64_t first, MatrixView<double> out) const = 0;

 protected:
  MatrixSource(std::string name, std::uint64_t n_rows, std::uint64_t n_cols, bool fits_float32)
      : name_(std::move(name)), n_rows_(n_rows), n_cols_(n_cols), fits_float32_(fits_float32) {}

 private:
  std::string name_;
  std::uint64_t n_rows_, n_cols_;
  bool fits_float32_;
};

// A file with two axes, which need not fit into memory. Keeps a reference to it.
class NpyMatrix final : public MatrixSource {
 public:
  explicit NpyMatrix(const formats::NpyFile& file);
  void copy_columns(std::uint64_t first, MatrixView<float> out) const override;
  void copy_columns(std::uint64_t first, MatrixView<double> out) const override;

 private:
  const formats::NpyFile& file_;
};

enum class ValueType : std::uint8_t {
  kFloat16,
  kBfloat16,
  kFloat32,
  kFloat64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint8,  // bool too
  kUint16,
  kUint32,
  kUint64,
};

// Memory of another program, in any order. Keeps the pointer; float32 and float64 with neighbouring columns
// are read where they lie.
struct ArrayLayout {
  const void* data = nullptr;  // element [0, 0]
  ValueType type = ValueType::kFloat32;
  std::uint64_t n_rows = 0, n_cols = 0;
  std::int64_t row_stride = 0, col_stride = 0;  // in elements; may be negative
  bool is_paged = false;  // mapped from a file: columns are copied in passes over the rows
};

class ArrayMatrix final : public MatrixSource {
 public:
  ArrayMatrix(std::string name, const ArrayLayout& layout);
  [[nodiscard]] std::optional<MatrixView<const float>> floats() const override;
  [[nodiscard]] std::optional<MatrixView<const double>> doubles() const override;
  void copy_columns(std::uint64_t first, MatrixView<float> out) const override;
  void copy_columns(std::uint64_t first, MatrixView<double> out) const override;

 private:
  ArrayLayout layout_;
};

}  // namespace penfield::matrix_file
