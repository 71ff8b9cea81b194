// The same model with nothing learned: the entries of every tensor in random order, so that its size, the
// spread of its weights and all that follows from them stay, and what they were trained to stays not.
#include <cstring>

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
  const std::size_t n_bytes = shuffled_bytes(tensor);
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

}  // namespace

std::size_t shuffled_bytes(const StoredTensor& tensor) {
  return tensor.in_file->n_values() * formats::dtype_block(shuffled_dtype(tensor.dtype)).n_bytes;
}

void Weights::shuffle(std::uint64_t seed) {
  std::vector<AlignedFloats> copies(tensors_.size());
  parallel_for(tensors_.size(), [&](std::size_t i, int) {
    copies[i] = shuffled_copy(tensors_[i], Random::stream(seed, kPurpose + i));
  });
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    StoredTensor& tensor = tensors_[i];
    tensor.bytes = {reinterpret_cast<const std::byte*>(copies[i].get()), shuffled_bytes(tensor)};
    tensor.dtype = shuffled_dtype(tensor.dtype);
  }
  shuffled_ = std::move(copies);
  bind();
}

Result<Model> Model::open_shuffled(const std::string& folder, std::uint64_t seed,
                                   numeric::Precision precision) {
  PENFIELD_TRY(Model model, open(folder, precision));
  model.weights_->shuffle(seed);
  model.weights_->release_pages();  // nothing of the files is shown any more
  return model;
}

}  // namespace penfield::model
