// Softmax of one row of attention scores, in place:
// out_i = exp(scale·x_i − max_j scale·x_j) / Σ_k exp(scale·x_k − max_j scale·x_j).
#pragma once

#include <span>

namespace penfield::numeric {

// row: n > 0 finite scores; scale > 0. Error against the scalar twin: |Δ| <= 1e-6 · out (relative), for
// weights down to 1e-30 (softmax_test.cc holds it).
void softmax(std::span<float> row, float scale);

// row_i = cap · tanh(scale · row_i / cap): what keeps scores and logits within ±cap (Gemma 2). scale, cap >
// 0. Error against the formula: |Δ| <= 1e-6 · cap (softmax_test.cc holds it).
void soft_cap(std::span<float> row, float scale, float cap);

// The scalar twin of softmax, in float64.
void softmax_scalar(std::span<const float> row, double scale, std::span<double> out);

}  // namespace penfield::numeric
