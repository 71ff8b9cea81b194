#include "penfield/study/gate_quadrants.h"

#include "penfield/activations/unit_activations.h"
#include "penfield/base/check.h"

namespace penfield::study {

Result<std::vector<store::GateQuadrants>> count_gate_quadrants(const model::Model& model,
                                                               const activations::ActivationStore& store,
                                                               std::span<const UnitId> units,
                                                               std::span<const store::WindowToken> tokens) {
  std::vector<store::GateQuadrants> out;
  if (!model.architecture().mlp.gated) return out;
  std::vector<UnitId> products;  // gate and up of every unit
  for (const UnitId& unit : units) {
    if (unit.site != Site::kMlpUp && unit.site != Site::kMlpPost) continue;
    out.push_back({.unit = unit});
    products.push_back({Site::kMlpPre, unit.layer, unit.index});
    products.push_back({Site::kMlpUp, unit.layer, unit.index});
  }
  if (products.empty()) return out;
  PENFIELD_TRY(const std::vector<float> values, activations::unit_activations(model, store, products));
  PENFIELD_CHECK(values.size() == products.size() * tokens.size());
  for (std::size_t u = 0; u < out.size(); ++u) {
    const auto gate = std::span(values).subspan(2 * u * tokens.size(), tokens.size());
    const auto up = std::span(values).subspan((2 * u + 1) * tokens.size(), tokens.size());
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      if (!tokens[t].is_sampled) continue;
      auto& counts = tokens[t].is_target ? out[u].n_target : out[u].n_comparison;
      ++counts.of(gate[t] > 0, up[t] > 0);
    }
  }
  return out;
}

}  // namespace penfield::study
