// exp over an array: the reference rate of the benchmarks, and what the tests of the kernel call.
#pragma once

#include <span>

namespace penfield::numeric {

// out[i] = exp(x[i]), |x[i]| <= 700, with the fastest instructions of this machine. Method and error:
// exp-inl.h.
void exp_bounded(std::span<const double> x, std::span<double> out);

}  // namespace penfield::numeric
