#include "penfield/association/fit_memory.h"

#include <algorithm>
#include <cmath>

#include "penfield/association/panel/panel.h"

namespace penfield::association {

std::uint64_t fit_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes, std::uint64_t n_threads) {
  const std::uint64_t panel = (n_samples + 1) * kPanelUnits * value_bytes;
  const std::uint64_t sorted = panel_scratch_size(n_samples) * value_bytes;
  const std::uint64_t plain = 6 * n_samples * sizeof(double);  // column, scaled, z, q, w, and room to grow
  return n_threads * (panel + sorted + plain) + n_samples * sizeof(std::size_t);
}

std::uint64_t adjusted_scratch_bytes(std::uint64_t n_samples, std::uint64_t value_bytes,
                                     std::uint64_t n_covariates, std::uint64_t n_threads) {
  const std::uint64_t n_shared = n_covariates + 1;
  const std::uint64_t panel = n_samples * kPanelUnits * (value_bytes + sizeof(double));
  // Normal scores of the rank test, and what orders a column.
  const std::uint64_t ranks = n_covariates == 0 ? 0 : n_samples * (kPanelUnits + 3) * sizeof(double);
  const std::uint64_t plain = n_samples * (n_shared + 4) * sizeof(double);  // z, q, leverages and all columns
  const std::uint64_t shared = n_samples * ((n_shared + 3) * sizeof(double) + sizeof(std::size_t));
  return n_threads * (panel + ranks + plain) + shared;
}

bool can_be_counted(std::uint64_t n_target, std::uint64_t n_comparison) {
  const double pairs = static_cast<double>(n_target) * static_cast<double>(n_comparison);
  return pairs * static_cast<double>(std::max(n_target, n_comparison)) < std::ldexp(1.0, 62);
}

}  // namespace penfield::association
