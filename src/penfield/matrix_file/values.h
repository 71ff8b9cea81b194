// What goes with a matrix: labels, covariates, groups of samples. Small, so always in memory as double.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::matrix_file {

struct Values {
  std::string name;                  // the file or argument, in messages
  std::vector<std::uint64_t> shape;  // of the values
  std::vector<double> values;        // in C order

  // Do the values lie along one axis, as in [n], [n, 1] and [1, n]?
  [[nodiscard]] bool is_vector() const {
    return !shape.empty() && std::count_if(shape.begin(), shape.end(), [](auto n) { return n != 1; }) <= 1;
  }
};

// All of a .npy file in C order.
[[nodiscard]] Result<Values> read_values(const std::string& path);

}  // namespace penfield::matrix_file
