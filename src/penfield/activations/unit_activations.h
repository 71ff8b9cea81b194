// Any unit's activations at every token of the heatmap windows, from the inputs of its product.
#pragma once

#include <span>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/model/model.h"

namespace penfield::activations {

// [n_units, n_tokens], row-major; the tokens of the heatmap windows, one window after the other. Sums are in
// float64; the values agree with the tap to 1e-5 of the largest (capture_test.cc holds it). kUsage: a unit
// that the model does not have, or whose layer and product were not captured. Other errors: the store's.
[[nodiscard]] Result<std::vector<float>> unit_activations(const model::Model& model,
                                                          const ActivationStore& store,
                                                          std::span<const UnitId> units);

}  // namespace penfield::activations
