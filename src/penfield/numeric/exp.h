// exp over an array, for those who are not kernels themselves: the yardstick of the benchmark and the object
// of the test.
#pragma once

#include <span>

namespace penfield::numeric {

// out[i] = exp(x[i]), |x[i]| <= 700, by the fastest instructions of this machine. Kernel and error:
// exp-inl.h.
void exp_bounded(std::span<const double> x, std::span<double> out);

}  // namespace penfield::numeric
