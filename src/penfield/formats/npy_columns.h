// Neighbouring columns of a matrix that may be larger than memory, copied out of its mapped file.
//
// What is computed a column on its own needs all rows of some columns at a time. In C order a column is
// spread over the whole file, a value a row: taking sixteen columns at a time from a file of 4096 would read
// it 256 times. So as many columns are copied at once as the caller has memory for, in one pass from the
// first row to the last, and what was read is let go behind it. In Fortran order a column lies in one piece,
// and is turned on the way.
#pragma once

#include <cstdint>

#include "penfield/base/matrix_view.h"
#include "penfield/formats/npy.h"

namespace penfield::formats {

// out[i, j] = array[i, first + j]. The array has two axes and the type T; out has all its rows, and
// first + out.cols <= its columns (else a bug). Beside `out`, at most about 64 MB of the file are mapped in
// at a time.
template <class T>
void copy_columns(const NpyFile& array, std::uint64_t first, MatrixView<T> out);

}  // namespace penfield::formats
