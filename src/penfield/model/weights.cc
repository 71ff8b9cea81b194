#include "penfield/model/weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "penfield/base/parallel.h"
#include "penfield/model/bind_tensors.h"
#include "penfield/model/open_tensors.h"

namespace penfield::model {
namespace {

using formats::Tensor;

std::string shape_text(std::span<const std::uint64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

// A block or a part of a block that would be left out of the forward pass makes it another model's.
Result<void> check_no_other_blocks(const formats::TensorFile& file, const std::string& prefix,
                                   const ModelSpec& spec) {
  for (const Tensor& tensor : file.tensors()) {
    std::string_view name = tensor.name;
    if (!name.starts_with(prefix)) continue;
    name.remove_prefix(prefix.size());
    const BlockTensor found = classify(spec.architecture, spec.rules, name);
    if (found == BlockTensor::kBeyond) {
      return bad_input(
          "{}: tensor '{}' is of a block that config.json does not know: it says that there are {}",
          tensor.file, tensor.name, spec.architecture.n_layers());
    }
    if (found == BlockTensor::kUnknown) {
      return bad_input(
          "{}: tensor '{}' does not belong to a {} block as config.json describes it; this is a model that "
          "Penfield does "
          "not run",
          tensor.file, tensor.name, spec.architecture.family);
    }
  }
  return {};
}

// The first of the names of the logits' matrix that the file has.
const Tensor* find_logits(const formats::TensorFile& file, const TensorRules& rules) {
  for (const std::string& name : rules.logits) {
    if (const Tensor* tensor = file.find(name)) return tensor;
  }
  return nullptr;
}

}  // namespace

Result<void> Weights::find_tensors() {
  PENFIELD_TRY(const std::string prefix, find_prefix(file_, spec_.rules));
  PENFIELD_TRY_VOID(check_no_other_blocks(file_, prefix, spec_));
  Result<void> found;
  for_each_tensor(
      spec_.architecture, spec_.rules,
      [&](const TensorSlot& slot, const std::string& name, const std::vector<std::uint64_t>& shape) {
        if (!found) return;
        const bool is_logits = slot.kind == TensorSlot::Kind::kLogits;
        const Tensor* tensor = is_logits ? find_logits(file_, spec_.rules) : file_.find(prefix + name);
        if (tensor == nullptr && is_logits) return;
        if (tensor == nullptr) {
          found = bad_input(
              "{}: tensor '{}' of shape {} is missing; the file is not the whole model of its config.json",
              file_.file_paths().front(), prefix + name, shape_text(shape));
        } else if (tensor->shape != shape) {
          found = bad_input("{}: tensor '{}' has shape {}, but config.json asks for {}", tensor->file,
                            tensor->name, shape_text(tensor->shape), shape_text(shape));
        } else {
          tensors_.push_back({slot, tensor, tensor->dtype, tensor->bytes});
        }
      });
  return found;
}

Result<void> Weights::check_all_finite(const std::stop_token& stop) const {
  std::vector<Result<void>> results(tensors_.size());
  parallel_for(tensors_.size(), [&](std::size_t i, int) {
    if (!stop.stop_requested()) results[i] = formats::check_finite(*tensors_[i].in_file);
  });
  if (stop.stop_requested()) return fail(ErrorKind::kInterrupted, "stopped while the weights were read");
  for (Result<void>& result : results) {  // the first in the order of the model, whichever thread met it
    if (!result) return std::move(result);
  }
  return {};
}

void Weights::bind() {
  blocks_.assign(spec_.architecture.n_layers(), {});
  vectors_.clear();
  for (const StoredTensor& tensor : tensors_) {
    const TensorSlot& slot = tensor.slot;
    using Kind = TensorSlot::Kind;
    switch (slot.kind) {
      case Kind::kTokenEmbedding:
        token_embedding_ = bind_matrix(tensor);
        break;
      case Kind::kPositionEmbedding:
        position_embedding_ = bind_matrix(tensor);
        break;
      case Kind::kLogits:
        logits_ = bind_matrix(tensor);
        break;
      case Kind::kFinalGain:
        final_norm_.gain = vectors_.emplace_back(read_vector(tensor));
        break;
      case Kind::kFinalShift:
        final_norm_.shift = vectors_.emplace_back(read_vector(tensor));
        break;
      default:
        bind_in_block(spec_, tensor, blocks_[slot.layer], vectors_);
    }
  }
  if (spec_.architecture.tied) logits_ = token_embedding_;
}

Result<WeightsBytes> Weights::measure(const std::string& folder, const ModelSpec& spec) {
  PENFIELD_TRY(auto file, open_tensors(folder));
  Weights weights(std::move(file), spec);
  PENFIELD_TRY_VOID(weights.find_tensors());
  WeightsBytes out;
  for (const StoredTensor& tensor : weights.tensors_) {
    out.shuffled += null_bytes(tensor, NullWeights::kShuffled);
    out.initialised += null_bytes(tensor, NullWeights::kInitialised);
    if (tensor.slot.is_matrix()) {
      out.mapped += tensor.bytes.size();
    } else {
      out.converted += tensor.in_file->n_values() * sizeof(float);
      out.replaced += tensor.bytes.size();
    }
  }
  return out;
}

Result<Weights> Weights::open(const std::string& folder, const ModelSpec& spec, const std::stop_token& stop) {
  PENFIELD_TRY(auto file, open_tensors(folder));
  Weights weights(std::move(file), spec);
  PENFIELD_TRY_VOID(weights.find_tensors());
  PENFIELD_TRY_VOID(weights.check_all_finite(stop));
  weights.bind();
  for (const StoredTensor& tensor : weights.tensors_) {
    const std::string_view dtype = formats::dtype_name(tensor.in_file->dtype);
    weights.dtype_ = weights.dtype_.empty() || weights.dtype_ == dtype ? std::string(dtype) : "mixed";
  }
  weights.release_pages();  // the NaN check touched all: a pass needs few rows of the token embedding
  return weights;
}

}  // namespace penfield::model
