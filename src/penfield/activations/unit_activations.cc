#include "penfield/activations/unit_activations.h"

#include <algorithm>
#include <map>
#include <optional>

#include "penfield/base/parallel.h"
#include "penfield/numeric/activation.h"
#include "penfield/numeric/bfloat16.h"

namespace penfield::activations {
namespace {

// What one of a unit's products is made with.
struct ProductWeights {
  std::vector<double> weights;  // [width]
  double bias = 0;
};

// A unit from what its site's products read: one product, two, or, of the stream itself, none.
struct UnitReader {
  std::vector<ProductWeights> products;
  std::uint32_t index = 0;
  bool activates = false;
};

ProductWeights read_product(const model::Model& model, const model::Linear& linear, std::uint32_t index) {
  std::vector<float> weights(linear.matrix.n_in);
  linear.matrix.read_output(index, weights);
  ProductWeights out;
  if (!linear.bias.empty()) out.bias = static_cast<double>(linear.bias[index]);
  const bool rounds = model.precision() == numeric::Precision::kBfloat16;  // as the products did
  for (const float weight : weights) {
    out.weights.push_back(
        static_cast<double>(rounds ? numeric::to_float(numeric::to_bfloat16(weight)) : weight));
  }
  return out;
}

UnitReader reader_of(const model::Model& model, const UnitId& unit) {
  UnitReader out{.products = {}, .index = unit.index, .activates = unit.site == Site::kMlpPost};
  for (model::Linear model::Block::*const product : model::products_of(model.architecture(), unit.site))
    out.products.push_back(read_product(model, model.weights().block(unit.layer).*product, unit.index));
  return out;
}

// What the reader's sums come to. sums: [products], or the stream's value.
float value_of(const UnitReader& reader, std::span<const double> sums, numeric::Activation activation) {
  double value = sums[0];
  if (reader.activates) value = numeric::activate_scalar(activation, value);
  if (sums.size() > 1) value *= sums[1];
  return static_cast<float>(value);
}

// The matrix of the inputs of the unit's product.
std::optional<std::size_t> find_inputs(const CapturePlan& plan, const UnitId& unit) {
  const auto matrix =
      std::find_if(plan.matrices.begin(), plan.matrices.end(), [&](const CapturedMatrix& candidate) {
        return candidate.kind == CapturedMatrix::Kind::kInputs &&
               candidate.input == model::input_of(unit.site) && candidate.layer == unit.layer;
      });
  if (matrix == plan.matrices.end()) return std::nullopt;
  return static_cast<std::size_t>(matrix - plan.matrices.begin());
}

Result<void> check_unit(const model::Architecture& architecture, const CapturePlan& plan,
                        const UnitId& unit) {
  if (unit.layer >= architecture.n_layers() || unit.index >= architecture.n_units(unit.site)) {
    return usage_error("unit {} is not in the model: it has layers 0 to {} of {} units at {}",
                       to_string(unit), architecture.n_layers() - 1, architecture.n_units(unit.site),
                       site_name(unit.site));
  }
  if (!find_inputs(plan, unit)) {
    return usage_error("unit {}: its site and layer were not part of this run", to_string(unit));
  }
  return {};
}

// Adds to sums [n_tokens] what some columns of the inputs contribute to a product.
void add_products(MatrixView<const float> inputs, std::span<const double> weights, std::span<double> sums) {
  for (std::size_t token = 0; token < inputs.rows; ++token) {
    const auto input = inputs.row(token);
    double sum = sums[token];
    for (std::size_t k = 0; k < input.size(); ++k) sum += static_cast<double>(input[k]) * weights[k];
    sums[token] = sum;
  }
}

// The sums of a unit's products at every token: [products][n_tokens], or the stream's values alone.
class UnitSums {
 public:
  UnitSums(UnitReader reader, std::size_t n_tokens) : reader_(std::move(reader)) {
    for (const ProductWeights& product : reader_.products) sums_.emplace_back(n_tokens, product.bias);
    if (sums_.empty()) sums_.emplace_back(n_tokens, 0.0);
  }

  // inputs: the columns from first_col on.
  void add(std::size_t first_col, MatrixView<const float> inputs) {
    for (std::size_t p = 0; p < reader_.products.size(); ++p) {
      add_products(inputs, std::span(reader_.products[p].weights).subspan(first_col, inputs.cols), sums_[p]);
    }
    if (!reader_.products.empty() || reader_.index < first_col || reader_.index >= first_col + inputs.cols)
      return;
    for (std::size_t token = 0; token < inputs.rows; ++token)
      sums_[0][token] = static_cast<double>(inputs(token, reader_.index - first_col));
  }

  void write(numeric::Activation activation, std::span<float> values) const {
    std::vector<double> sums(sums_.size());
    for (std::size_t token = 0; token < values.size(); ++token) {
      for (std::size_t p = 0; p < sums.size(); ++p) sums[p] = sums_[p][token];
      values[token] = value_of(reader_, sums, activation);
    }
  }

 private:
  UnitReader reader_;
  std::vector<std::vector<double>> sums_;
};

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
    std::vector<UnitSums> sums;
    sums.reserve(members.size());
    for (const std::size_t u : members) sums.emplace_back(reader_of(model, units[u]), n_tokens);
    PENFIELD_TRY_VOID(store.visit_columns(
        matrix, [&](std::size_t first_col, MatrixView<const float> inputs) -> Result<void> {
          parallel_for(members.size(), [&](std::size_t i, int) { sums[i].add(first_col, inputs); });
          return {};
        }));
    for (std::size_t i = 0; i < members.size(); ++i) {
      sums[i].write(model.architecture().mlp.activation,
                    std::span(out).subspan(members[i] * n_tokens, n_tokens));
    }
  }
  return out;
}

}  // namespace penfield::activations
