// Quantiles of Student's t.
#pragma once

namespace penfield::numeric {

// t with P(T <= t) = p, 0 < p < 1, for `df` > 0 degrees of freedom, not necessarily an integer. By
// Boost.Math.
[[nodiscard]] double student_t_quantile(double p, double df);

}  // namespace penfield::numeric
