// One column, every statistic, by the plain road: the definition of what the engine computes.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "penfield/association/fit_table.h"
#include "penfield/association/logistic.h"

namespace penfield::association {

struct ScalarScratch {
  std::vector<double> scaled, z;
  LogisticScratch logistic;
};

// All columns of UnitFit for one column of activations.
//   x        [n_samples], the target group first; any values
//   n_target number of targets
[[nodiscard]] UnitFit fit_column_scalar(std::span<const double> x, std::size_t n_target,
                                        ScalarScratch& scratch);

}  // namespace penfield::association
