// The bytes of a .npy file before its values: a magic, a version, and a Python dictionary literal.
//
// Source: numpy.lib.format, "NPY format specification", versions 1.0, 2.0 and 3.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::formats {

struct NpyHeader {
  std::string descr;  // "<f4"
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::size_t n_bytes = 0;  // of magic, version, length and dictionary: the values begin here
};

// file: the whole file. kBadInput names `path` and the rule.
[[nodiscard]] Result<NpyHeader> parse_npy_header(std::string_view file, std::string_view path);

// The bytes before the values, in format 1.0, or 2.0 if the header exceeds 65,535 bytes; padded so that the
// values begin at a multiple of 64. descr: a Python literal, "'<f4'" or "[('beta', '<f8'), …]".
[[nodiscard]] std::string npy_header(std::string_view descr, std::span<const std::uint64_t> shape);

}  // namespace penfield::formats
