#include "penfield/activations/unit_activations.h"

#include <algorithm>
#include <map>
#include <optional>

#include "penfield/base/parallel.h"
#include "penfield/numeric/activation.h"
#include "penfield/numeric/bfloat16.h"

namespace penfield::activations {
namespace {

// A unit's weights: one column of its product.
struct UnitWeights {
  std::vector<double> column;  // [n_embd]
  double bias = 0;
};

UnitWeights unit_weights(const model::Model& model, const UnitId& unit) {
  const model::BlockWeights& block = model.weights().block(unit.layer);
  const bool is_mlp = product_of(unit.site) == Product::kMlpIn;
  const model::Linear& linear = is_mlp ? block.mlp_in : block.attn_in;
  const std::size_t n_embd = model.architecture().width;
  const std::size_t part = unit.site == Site::kAttnK ? 1 : unit.site == Site::kAttnV ? 2 : 0;
  const std::size_t col = part * n_embd + unit.index;
  UnitWeights weights;
  weights.bias = static_cast<double>(linear.bias[col]);
  const bool rounds = model.precision() == numeric::Precision::kBfloat16;  // as the products did
  for (std::size_t k = 0; k < n_embd; ++k) {
    const float weight = linear.matrix(k, col);
    weights.column.push_back(
        static_cast<double>(rounds ? numeric::to_float(numeric::to_bfloat16(weight)) : weight));
  }
  return weights;
}

// The matrix of the inputs of the unit's product.
std::optional<std::size_t> find_inputs(const CapturePlan& plan, const UnitId& unit) {
  const auto matrix =
      std::find_if(plan.matrices.begin(), plan.matrices.end(), [&](const CapturedMatrix& candidate) {
        return candidate.kind == CapturedMatrix::Kind::kInputs &&
               candidate.product == product_of(unit.site) && candidate.layer == unit.layer;
      });
  if (matrix == plan.matrices.end()) return std::nullopt;
  return static_cast<std::size_t>(matrix - plan.matrices.begin());
}

Result<void> check_unit(const model::Architecture& architecture, const CapturePlan& plan,
                        const UnitId& unit) {
  if (unit.site == Site::kColumn || unit.layer >= architecture.n_layers() ||
      unit.index >= architecture.n_units(unit.site)) {
    return usage_error("unit {} is not in the model: it has layers 0 to {} of {} units at {}",
                       to_string(unit), architecture.n_layers() - 1, architecture.n_units(unit.site),
                       site_name(unit.site));
  }
  if (!find_inputs(plan, unit)) {
    return usage_error("unit {}: its site and layer were not part of this run", to_string(unit));
  }
  return {};
}

// Adds to sums [n_tokens] what some columns of the inputs contribute to a unit.
void add_products(MatrixView<const float> inputs, std::span<const double> weights, std::span<double> sums) {
  for (std::size_t token = 0; token < inputs.rows; ++token) {
    const auto input = inputs.row(token);
    double sum = sums[token];
    for (std::size_t k = 0; k < input.size(); ++k) sum += static_cast<double>(input[k]) * weights[k];
    sums[token] = sum;
  }
}

}  // namespace

Result<std::vector<float>> unit_activations(const model::Model& model, const ActivationStore& store,
                                            std::span<const UnitId> units) {
  for (const UnitId& unit : units) PENFIELD_TRY_VOID(check_unit(model.architecture(), store.plan(), unit));
  std::map<std::size_t, std::vector<std::size_t>> units_of;  // matrix -> indices in `units`
  for (std::size_t u = 0; u < units.size(); ++u) units_of[*find_inputs(store.plan(), units[u])].push_back(u);
  std::vector<float> out;
  for (const auto& group : units_of) {
    const std::size_t matrix = group.first;
    const std::vector<std::size_t>& members = group.second;
    const std::size_t n_tokens = store.plan().matrices[matrix].n_rows;
    out.resize(units.size() * n_tokens);  // all matrices of inputs have the same rows
    std::vector<UnitWeights> weights;
    weights.reserve(members.size());
    for (const std::size_t u : members) weights.push_back(unit_weights(model, units[u]));
    std::vector<std::vector<double>> sums;
    sums.reserve(members.size());
    for (const UnitWeights& of_unit : weights) sums.emplace_back(n_tokens, of_unit.bias);
    PENFIELD_TRY_VOID(store.visit_columns(
        matrix, [&](std::size_t first_col, MatrixView<const float> inputs) -> Result<void> {
          parallel_for(members.size(), [&](std::size_t i, int) {
            add_products(inputs, std::span(weights[i].column).subspan(first_col, inputs.cols), sums[i]);
          });
          return {};
        }));
    for (std::size_t i = 0; i < members.size(); ++i) {
      const bool is_post = units[members[i]].site == Site::kMlpPost;
      for (std::size_t token = 0; token < n_tokens; ++token) {
        const double sum = sums[i][token];
        out[members[i] * n_tokens + token] = static_cast<float>(
            is_post ? numeric::activate_scalar(model.architecture().mlp.activation, sum) : sum);
      }
    }
  }
  return out;
}

}  // namespace penfield::activations
