#include "penfield/activations/product_inputs.h"

#include <algorithm>
#include <cmath>

#include "penfield/base/parallel.h"
#include "penfield/numeric/gelu.h"

namespace penfield::activations {
namespace {

// A unit's weights: one column of its product.
struct UnitWeights {
  std::vector<double> column;  // [n_embd]
  double bias = 0;
};

UnitWeights unit_weights(const model::Gpt2& gpt2, const UnitId& unit) {
  const model::BlockWeights& block = gpt2.weights().block(unit.layer);
  const bool is_mlp = product_of(unit.site) == Product::kMlpIn;
  const model::Linear& linear = is_mlp ? block.mlp_in : block.attn_in;
  const std::size_t n_embd = gpt2.config().n_embd;
  const std::size_t part = unit.site == Site::kAttnK ? 1 : unit.site == Site::kAttnV ? 2 : 0;
  const std::size_t col = part * n_embd + unit.index;
  UnitWeights weights;
  weights.bias = static_cast<double>(linear.bias[col]);
  for (std::size_t k = 0; k < n_embd; ++k)
    weights.column.push_back(static_cast<double>(linear.matrix(k, col)));
  return weights;
}

double activate(model::Gpt2Config::Activation activation, double x) {
  switch (activation) {
    case model::Gpt2Config::Activation::kGeluNew:
      return numeric::gelu_new_scalar(x);
    case model::Gpt2Config::Activation::kGeluErf:
      return numeric::gelu_erf_scalar(x);
    case model::Gpt2Config::Activation::kRelu:
      return std::max(x, 0.0);
  }
  return x;
}

const ProductInputs::Part* find_part(const ProductInputs& inputs, const UnitId& unit) {
  const auto part =
      std::find_if(inputs.parts.begin(), inputs.parts.end(), [&](const ProductInputs::Part& candidate) {
        return candidate.product == product_of(unit.site) && candidate.layer == unit.layer;
      });
  return part == inputs.parts.end() ? nullptr : &*part;
}

Result<void> check_unit(const model::Gpt2Config& config, const ProductInputs& inputs, const UnitId& unit) {
  if (unit.site == Site::kColumn || unit.layer >= config.n_layer || unit.index >= config.n_units(unit.site)) {
    return usage_error("unit {} is not in the model: it has layers 0 to {} of {} units at {}",
                       to_string(unit), config.n_layer - 1, config.n_units(unit.site), site_name(unit.site));
  }
  if (find_part(inputs, unit) == nullptr) {
    return usage_error("unit {}: its site and layer were not part of this run", to_string(unit));
  }
  return {};
}

}  // namespace

Result<std::vector<float>> unit_activations(const model::Gpt2& gpt2, const ProductInputs& inputs,
                                            std::span<const UnitId> units) {
  for (const UnitId& unit : units) PENFIELD_TRY_VOID(check_unit(gpt2.config(), inputs, unit));
  std::vector<float> out(units.size() * inputs.n_tokens);
  parallel_for(units.size(), [&](std::size_t u, int) {
    const UnitWeights weights = unit_weights(gpt2, units[u]);
    const std::vector<float>& values = find_part(inputs, units[u])->values;
    for (std::size_t token = 0; token < inputs.n_tokens; ++token) {
      const float* input = values.data() + token * inputs.n_embd;
      double sum = weights.bias;
      for (std::size_t k = 0; k < inputs.n_embd; ++k)
        sum += static_cast<double>(input[k]) * weights.column[k];
      if (units[u].site == Site::kMlpPost) sum = activate(gpt2.config().activation, sum);
      out[u * inputs.n_tokens + token] = static_cast<float>(sum);
    }
  });
  return out;
}

}  // namespace penfield::activations
