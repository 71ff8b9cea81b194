// Activations of all units of one layer and site at the sampled positions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/unit.h"

namespace penfield::activations {

struct ActivationBlock {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  std::size_t n_samples = 0;
  std::size_t n_units = 0;
  std::vector<float> values;  // [n_samples, n_units], row-major

  [[nodiscard]] MatrixView<const float> view() const { return {values.data(), n_samples, n_units}; }
};

}  // namespace penfield::activations
