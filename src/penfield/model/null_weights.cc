// The same model with nothing learned (model.h, NullWeights).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <span>

#include "penfield/base/parallel.h"
#include "penfield/base/random.h"
#include "penfield/model/model.h"
#include "penfield/model/weights.h"
#include "penfield/numeric/widen_blocks.h"

namespace penfield::model {
namespace {

constexpr std::uint64_t kPurpose = 0x7765696768740000;  // "weight", and the number of the tensor

template <class Value>
void shuffle_as(AlignedFloats& memory, std::size_t n_bytes, Random random) {
  random.shuffle(std::span(reinterpret_cast<Value*>(memory.get()), n_bytes / sizeof(Value)));
}

// Values of block formats share their scales, so that they cannot change places; they are widened.
formats::Dtype shuffled_dtype(formats::Dtype dtype) {
  return formats::dtype_block(dtype).n_values > 1 ? formats::Dtype::kF32 : dtype;
}

// A copy of the tensor's values, at the width of shuffled_dtype, in random order.
AlignedFloats shuffled_copy(const StoredTensor& tensor, const Random& random) {
  const std::size_t n_bytes = null_bytes(tensor, NullWeights::kShuffled);
  AlignedFloats copy = allocate_aligned((n_bytes + sizeof(float) - 1) / sizeof(float));
  if (shuffled_dtype(tensor.dtype) != tensor.dtype) {
    numeric::widen_run(*formats::encoding_of(tensor.dtype), tensor.bytes.data(), 0,
                       {copy.get(), n_bytes / sizeof(float)});
  } else {
    std::memcpy(copy.get(), tensor.bytes.data(), n_bytes);
  }
  if (shuffled_dtype(tensor.dtype) == formats::Dtype::kF32) {
    shuffle_as<float>(copy, n_bytes, random);
  } else {
    shuffle_as<std::uint16_t>(copy, n_bytes, random);
  }
  return copy;
}

// Box & Muller 1958, Ann. Math. Stat. 29:610.
void fill_normal(std::span<float> values, double sd, Random random) {
  for (std::size_t i = 0; i < values.size(); i += 2) {
    const double radius = sd * std::sqrt(-2.0 * std::log(1.0 - random.uniform()));
    const double angle = 2.0 * std::numbers::pi * random.uniform();
    values[i] = static_cast<float>(radius * std::cos(angle));
    if (i + 1 < values.size()) values[i + 1] = static_cast<float>(radius * std::sin(angle));
  }
}

// The values of the tensor before any training, float32.
AlignedFloats initial_copy(const StoredTensor& tensor, float gain, const Random& random) {
  constexpr double kInitialSd = 0.02;
  using Kind = TensorSlot::Kind;
  const std::size_t n = tensor.in_file->n_values();
  AlignedFloats copy = allocate_aligned(n);
  const std::span<float> values(copy.get(), n);
  if (tensor.slot.is_matrix()) {
    fill_normal(values, kInitialSd, random);
  } else {
    const bool is_gain = tensor.slot.kind == Kind::kGain || tensor.slot.kind == Kind::kFinalGain;
    std::fill(values.begin(), values.end(), is_gain ? gain : 0.0f);
  }
  return copy;
}

}  // namespace

std::size_t null_bytes(const StoredTensor& tensor, NullWeights kind) {
  const formats::Dtype dtype =
      kind == NullWeights::kShuffled ? shuffled_dtype(tensor.dtype) : formats::Dtype::kF32;
  return tensor.in_file->n_values() * formats::dtype_block(dtype).n_bytes;
}

Result<void> Weights::replace(NullWeights kind, std::uint64_t seed, const std::stop_token& stop) {
  const float gain = spec_.architecture.norm.gain_plus_one ? 0.0f : 1.0f;
  std::vector<AlignedFloats> copies(tensors_.size());
  parallel_for(tensors_.size(), [&](std::size_t i, int) {
    if (stop.stop_requested()) return;
    const Random random = Random::stream(seed, kPurpose + i);
    copies[i] = kind == NullWeights::kShuffled ? shuffled_copy(tensors_[i], random)
                                               : initial_copy(tensors_[i], gain, random);
  });
  if (stop.stop_requested()) return fail(ErrorKind::kInterrupted, "stopped while weights were drawn");
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    StoredTensor& tensor = tensors_[i];
    const std::size_t n_bytes = null_bytes(tensor, kind);
    tensor.dtype = kind == NullWeights::kShuffled ? shuffled_dtype(tensor.dtype) : formats::Dtype::kF32;
    tensor.bytes = {reinterpret_cast<const std::byte*>(copies[i].get()), n_bytes};
  }
  replaced_ = std::move(copies);
  bind();
  return {};
}

Result<Model> Model::open_null(const std::string& folder, const ModelSpec& spec, NullWeights kind,
                               std::uint64_t seed, numeric::Precision precision,
                               const std::stop_token& stop) {
  PENFIELD_TRY(Model model, open(folder, spec, precision, stop));
  PENFIELD_TRY_VOID(model.weights_->replace(kind, seed, stop));
  model.weights_->release_pages();  // nothing of the files is shown any more
  return model;
}

}  // namespace penfield::model
