// LayerNorm over one row: out = (x − mean) / √(variance + ε) · gain + shift. Source: Ba, Kiros & Hinton 2016,
// eq. 4.
//
// Two passes over the row, sums in float64: GPT-2's residual stream has a few coordinates hundreds of times
// as large as the rest, and Σx² − n·mean² in float32 loses the rest.
#pragma once

#include <span>

namespace penfield::numeric {

// All spans of the same length n > 0. in and out may be the same. Variance is Σ(x − mean)²/n.
// Error against the scalar twin: |Δ| <= 3e-7 · max|out| (layer_norm_test.cc holds it).
void layer_norm(std::span<const float> in, std::span<const float> gain, std::span<const float> shift,
                float epsilon, std::span<float> out);

// The scalar twin, in float64 throughout.
void layer_norm_scalar(std::span<const float> in, std::span<const float> gain, std::span<const float> shift,
                       double epsilon, std::span<double> out);

}  // namespace penfield::numeric
