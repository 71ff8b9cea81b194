// The association engine: a matrix and labels in, a table out. Knows no model, no token, no text.
#pragma once

#include <cstdint>
#include <span>

#include "penfield/association/fit_table.h"
#include "penfield/base/matrix_view.h"

namespace penfield::association {

inline constexpr std::uint8_t kLeftOut = 2;

// Fits P(y = 1 | x) = σ(α + βx) for every column on its own, and compares the two groups column by column.
//   x       [n_samples, n_units], row-major; stride in elements
//   labels  [n_samples], 1 target, 0 comparison, kLeftOut for a row that plays no part
// Arithmetic is double; the result does not depend on the number of threads. What a column cannot give is a
// status.
[[nodiscard]] FitTable fit_columns(MatrixView<const float> x, std::span<const std::uint8_t> labels);
[[nodiscard]] FitTable fit_columns(MatrixView<const double> x, std::span<const std::uint8_t> labels);

}  // namespace penfield::association
