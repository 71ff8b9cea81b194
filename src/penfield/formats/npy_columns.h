// Copies neighbouring columns of a matrix that may be larger than memory out of its mapped file.
//
// A computation that treats columns separately needs all rows of a few columns at a time. In C order a column
// is spread over the whole file, one value a row: reading sixteen columns at a time from a file of 4096 would
// read the file 256 times. So the caller copies as many columns as it has memory for, in one pass over the
// rows, and the pages behind the pass are released. In Fortran order a column is contiguous, and is
// transposed while it is copied.
#pragma once

#include <cstdint>

#include "penfield/base/matrix_view.h"
#include "penfield/formats/npy.h"

namespace penfield::formats {

// out[i, j] = array[i, first + j], converted to T. The array must have two axes; out has all its rows, and
// first + out.cols <= its columns. In addition to `out`, at most about 64 MB of the file are resident at a
// time.
template <class T>
void copy_columns(const NpyFile& array, std::uint64_t first, MatrixView<T> out);

}  // namespace penfield::formats
