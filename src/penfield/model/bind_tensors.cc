#include "penfield/model/bind_tensors.h"

#include <cstdint>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/numeric/widen_blocks.h"

namespace penfield::model {
namespace {

using formats::Dtype;
using numeric::WeightView;

numeric::WidenValues widener(Dtype dtype) {
  const auto encoding = formats::encoding_of(dtype);
  PENFIELD_CHECK(encoding);  // check_finite has refused what has none
  return numeric::widen_values_of(*encoding);
}

bool is_float_in_place(Dtype dtype, const std::byte* data) {
  return dtype == Dtype::kF32 && reinterpret_cast<std::uintptr_t>(data) % alignof(float) == 0;
}

// All that a tensor holds, as one matrix of n_in values an output.
WeightView whole(const StoredTensor& tensor, WeightView::Order order) {
  const auto& shape = tensor.in_file->shape;
  WeightView view;
  view.data = tensor.bytes.data();
  view.order = order;
  view.row_bytes = tensor.bytes.size() / shape[0];
  view.n_in = shape[order == WeightView::Order::kOutIn ? 1 : 0];
  view.n_out = shape[order == WeightView::Order::kOutIn ? 0 : 1];
  if (!is_float_in_place(tensor.dtype, view.data)) view.widen = widener(tensor.dtype);
  return view;
}

// What of `all`, which holds the parts of a rule, is part number `part`.
WeightView part_of(const Architecture& architecture, const LinearRule& rule, std::size_t part,
                   WeightView all) {
  const std::size_t d_head = architecture.attention.d_head;
  const std::size_t n_out = shape_of(architecture, rule.parts[part]).n_out;
  if (rule.stored == Stored::kPerHead) {
    all.data += part * d_head * all.row_bytes;
    all.group = d_head;
    all.group_step = rule.parts.size() * d_head;
    all.n_out = n_out;
    return all;
  }
  std::size_t first = 0;
  for (std::size_t before = 0; before < part; ++before)
    first += shape_of(architecture, rule.parts[before]).n_out;
  if (rule.stored == Stored::kRotaryPairs) {
    all.group = all.group_step = d_head;
    all.interleaved = true;
  }
  return all.outputs(first, n_out);
}

WeightView::Order order_of(const LinearRule& rule) {
  return rule.stored == Stored::kInOut ? WeightView::Order::kInOut : WeightView::Order::kOutIn;
}

// A bias is stored as its matrix is: as a matrix of one value an output, it comes apart in the same way.
std::vector<float> part_of_bias(const Architecture& architecture, const LinearRule& rule, std::size_t part,
                                const std::vector<float>& all) {
  WeightView view;
  view.data = reinterpret_cast<const std::byte*>(all.data());
  view.order = WeightView::Order::kOutIn;
  view.row_bytes = sizeof(float);
  view.n_in = 1;
  view.n_out = all.size();
  view = part_of(architecture, rule, part, view);
  std::vector<float> out(view.n_out);
  for (std::size_t i = 0; i < out.size(); ++i) view.read_output(i, {&out[i], 1});
  return out;
}

}  // namespace

WeightView bind_matrix(const StoredTensor& tensor) {
  return whole(tensor, WeightView::Order::kOutIn);
}

std::vector<float> read_vector(const StoredTensor& tensor) {
  std::vector<float> out(tensor.in_file->n_values());
  widener(tensor.dtype)(tensor.bytes.data(), 0, out.size(), out.data());
  return out;
}

void bind_in_block(const ModelSpec& spec, const StoredTensor& tensor, Block& block,
                   std::vector<std::vector<float>>& vectors) {
  using Kind = TensorSlot::Kind;
  const BlockRule& rule = spec.rules.block[tensor.slot.rule];
  if (const auto* norm = std::get_if<NormRule>(&rule)) {
    Norm& to = block.*norm->norm;
    (tensor.slot.kind == Kind::kGain ? to.gain : to.shift) = vectors.emplace_back(read_vector(tensor));
    return;
  }
  const auto& linear = std::get<LinearRule>(rule);
  const std::vector<float> bias =
      tensor.slot.kind == Kind::kBias ? read_vector(tensor) : std::vector<float>();
  for (std::size_t part = 0; part < linear.parts.size(); ++part) {
    Linear& to = block.*linear.parts[part];
    if (tensor.slot.kind == Kind::kMatrix) {
      to.matrix = part_of(spec.architecture, linear, part, whole(tensor, order_of(linear)));
    } else {
      to.bias = vectors.emplace_back(part_of_bias(spec.architecture, linear, part, bias));
    }
  }
}

}  // namespace penfield::model
