// How often the gate and the second product of a gated neuron have which signs, among targets and among
// comparison tokens.
//
// mlp.post is activation(gate) · up, so its own sign does not tell which of the two products a concept moves:
// a large value has both positive, or both negative. The sign of `up` is a convention, as negating a unit's
// up and down weights together changes nothing in the model; that of the gate is not.
#pragma once

#include <span>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/model/model.h"
#include "penfield/store/run_record.h"

namespace penfield::study {

// Of the `units` at mlp.up and mlp.post of a gated model, in their order, at the sampled tokens among
// `tokens`, those of the store's heatmap windows. Other units have none. Errors: those of unit_activations.
[[nodiscard]] Result<std::vector<store::GateQuadrants>> count_gate_quadrants(
    const model::Model& model, const activations::ActivationStore& store, std::span<const UnitId> units,
    std::span<const store::WindowToken> tokens);

}  // namespace penfield::study
