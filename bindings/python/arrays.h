// Python's arrays as Penfield's: anything that nanobind reads by DLPack or the buffer protocol.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string>

#include "penfield/matrix_file/matrix_source.h"
#include "penfield/matrix_file/values.h"

namespace penfield::python {

using Array = nanobind::ndarray<nanobind::ro>;

// Raises penfield.BadInput if `object` is no array of real numbers in this computer's memory. `name` is what
// messages call it.
[[nodiscard]] Array to_array(const nanobind::object& object, const std::string& name);

// A view of a matrix. As bfloat16: 16-bit integers are the bits of bfloat16, which NumPy does not know.
[[nodiscard]] matrix_file::ArrayLayout to_layout(const Array& array, const std::string& name,
                                                 bool as_bfloat16);

// A copy.
[[nodiscard]] matrix_file::Values to_values(const Array& array, const std::string& name);

}  // namespace penfield::python
