// The rows of a matrix by group, in the order in which panels are filled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/base/check.h"

namespace penfield::association {

inline constexpr std::uint8_t kLeftOut = 2;

struct RowsOfGroups {
  std::vector<std::size_t> rows;  // the target group first, each group in the order of the matrix
  std::size_t n_target = 0;

  [[nodiscard]] std::size_t n_comparison() const { return rows.size() - n_target; }
};

// labels as for fit_columns.
[[nodiscard]] inline RowsOfGroups rows_of_groups(std::span<const std::uint8_t> labels) {
  RowsOfGroups out;
  out.rows.reserve(labels.size());
  for (const std::uint8_t wanted : {1, 0}) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      PENFIELD_CHECK(labels[i] <= kLeftOut);
      if (labels[i] == wanted) out.rows.push_back(i);
    }
    if (wanted == 1) out.n_target = out.rows.size();
  }
  return out;
}

}  // namespace penfield::association
