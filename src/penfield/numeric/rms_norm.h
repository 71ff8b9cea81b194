// RMSNorm over one row: out = x / √(mean of x² + ε) · gain. Source: Zhang & Sennrich 2019, eq. 4.
//
// The sum is in float64, for the reason that layer_norm.h gives.
#pragma once

#include <span>

namespace penfield::numeric {

// All spans of the same length n > 0. in and out may be the same. gain_offset is added to every gain, in
// float32: 1 where a model stores its gains less one (Gemma), else 0. Error against the scalar twin: |Δ| <=
// 3e-7 · max|out| (rms_norm_test.cc holds it).
void rms_norm(std::span<const float> in, std::span<const float> gain, float gain_offset, float epsilon,
              std::span<float> out);

// The scalar twin, in float64 throughout.
void rms_norm_scalar(std::span<const float> in, std::span<const float> gain, double gain_offset,
                     double epsilon, std::span<double> out);

}  // namespace penfield::numeric
