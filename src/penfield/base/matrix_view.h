// A non-owning view of a row-major matrix. Meant for parameters; store it only next to the owner of the data.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

#include "penfield/base/check.h"

namespace penfield {

// data[r * stride + c] is row r, column c; stride >= cols, in elements.
template <class T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t stride = 0;

  MatrixView() = default;
  MatrixView(T* data_in, std::size_t rows_in, std::size_t cols_in)
      : data(data_in), rows(rows_in), cols(cols_in), stride(cols_in) {}
  MatrixView(T* data_in, std::size_t rows_in, std::size_t cols_in, std::size_t stride_in)
      : data(data_in), rows(rows_in), cols(cols_in), stride(stride_in) {
    PENFIELD_CHECK(stride_in >= cols_in);
  }
  // A mutable view converts to a const view.
  template <class U>
  requires(std::is_same_v<T, const U> && !std::is_const_v<U>) MatrixView(const MatrixView<U>& other)
      : data(other.data), rows(other.rows), cols(other.cols), stride(other.stride) {}

  [[nodiscard]] std::span<T> row(std::size_t r) const { return {data + r * stride, cols}; }
  [[nodiscard]] T& operator()(std::size_t r, std::size_t c) const { return data[r * stride + c]; }
  [[nodiscard]] MatrixView block(std::size_t first_row, std::size_t n_rows, std::size_t first_col,
                                 std::size_t n_cols) const {
    PENFIELD_CHECK(first_row + n_rows <= rows && first_col + n_cols <= cols);
    return {data + first_row * stride + first_col, n_rows, n_cols, stride};
  }
};

}  // namespace penfield
