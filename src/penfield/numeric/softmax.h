// Softmax of one row of attention scores, in place: out_i = exp(scale·x_i − max_j scale·x_j) / Σ_j of the
// same.
#pragma once

#include <span>

namespace penfield::numeric {

// row: n > 0 finite scores; scale > 0. Error against the scalar twin: |Δ| <= 1e-6 · out (relative), for
// weights down to 1e-30 (softmax_test.cc holds it).
void softmax(std::span<float> row, float scale);

// The scalar twin, in float64.
void softmax_scalar(std::span<const float> row, double scale, std::span<double> out);

}  // namespace penfield::numeric
