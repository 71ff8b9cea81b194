#include "penfield/formats/npy_columns.h"

#include <algorithm>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"

namespace penfield::formats {
namespace {

constexpr std::size_t kMappedBytes = std::size_t{64} << 20;
constexpr std::size_t kRowsOfPiece = 512;  // copied by one thread at a time

std::size_t n_pieces(std::size_t n_rows) {
  return (n_rows + kRowsOfPiece - 1) / kRowsOfPiece;
}

template <class S, class T>
void copy_from_rows(const NpyFile& array, std::span<const S> values, std::size_t first, MatrixView<T> out) {
  const MatrixView<const S> in(values.data(), static_cast<std::size_t>(array.shape()[0]),
                               static_cast<std::size_t>(array.shape()[1]));
  const std::size_t row_bytes = std::max<std::size_t>(1, in.cols * sizeof(S));
  const std::size_t rows_at_once = std::max<std::size_t>(1, kMappedBytes / row_bytes);
  for (std::size_t begin = 0; begin < in.rows; begin += rows_at_once) {
    const std::size_t n = std::min(rows_at_once, in.rows - begin);
    parallel_for(n_pieces(n), [&](std::size_t piece, int) {
      const std::size_t last = std::min(n, (piece + 1) * kRowsOfPiece);
      for (std::size_t i = begin + piece * kRowsOfPiece; i < begin + last; ++i) {
        std::transform(in.row(i).data() + first, in.row(i).data() + first + out.cols, out.row(i).data(),
                       [](S value) { return static_cast<T>(value); });
      }
    });
    array.forget(begin * in.cols, n * in.cols);
  }
}

template <class S, class T>
void copy_from_columns(const NpyFile& array, std::span<const S> values, std::size_t first,
                       MatrixView<T> out) {
  const std::size_t column_bytes = std::max<std::size_t>(1, out.rows * sizeof(S));
  // At least sixteen: as many floats share a line of `out`.
  const std::size_t cols_at_once = std::max<std::size_t>(16, kMappedBytes / column_bytes);
  for (std::size_t begin = 0; begin < out.cols; begin += cols_at_once) {
    const std::size_t end = std::min(out.cols, begin + cols_at_once);
    parallel_for(n_pieces(out.rows), [&](std::size_t piece, int) {
      const std::size_t last = std::min(out.rows, (piece + 1) * kRowsOfPiece);
      for (std::size_t j = begin; j < end; ++j) {
        const S* column = values.data() + (first + j) * out.rows;
        for (std::size_t i = piece * kRowsOfPiece; i < last; ++i) out(i, j) = static_cast<T>(column[i]);
      }
    });
    array.forget((first + begin) * out.rows, (end - begin) * out.rows);
  }
}

}  // namespace

template <class T>
void copy_columns(const NpyFile& array, std::uint64_t first, MatrixView<T> out) {
  PENFIELD_CHECK(array.shape().size() == 2 && out.rows == array.shape()[0] &&
                 first + out.cols <= array.shape()[1]);
  array.visit_values([&](const auto values) {
    if (array.order() == NpyOrder::kC) {
      copy_from_rows(array, values, static_cast<std::size_t>(first), out);
    } else {
      copy_from_columns(array, values, static_cast<std::size_t>(first), out);
    }
  });
}

template void copy_columns<float>(const NpyFile&, std::uint64_t, MatrixView<float>);
template void copy_columns<double>(const NpyFile&, std::uint64_t, MatrixView<double>);

}  // namespace penfield::formats
