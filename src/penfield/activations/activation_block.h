// Activations of some units of one layer and site at every sampled position.
//
// A layer may be more than memory holds, so it is handed on in blocks of columns: every unit with all of its
// samples, never all units at once. What is computed a unit on its own sees no difference.
#pragma once

#include <cstdint>
#include <functional>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"

namespace penfield::activations {

struct ActivationBlock {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  std::uint32_t first_unit = 0;    // index, within the layer, of column 0
  MatrixView<const float> values;  // [n_samples, n_units]; good while the visitor runs

  [[nodiscard]] MatrixView<const float> view() const { return values; }
};

// An error ends the visit and is returned from it.
using BlockVisitor = std::function<Result<void>(const ActivationBlock& block)>;

}  // namespace penfield::activations
