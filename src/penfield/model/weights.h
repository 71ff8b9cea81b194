// The weights of a checkpoint, bound to the parts of the model.
//
// Matrices are used where the file is mapped, at the width that they have there (numeric/weight_view.h):
// opening 15 GB copies nothing. Norms and biases, a thousandth of a model, are held as float32. Every weight
// is checked to be finite, so that a NaN is found here with its tensor's name and not as a column of NaN in
// the results.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/aligned_floats.h"
#include "penfield/base/result.h"
#include "penfield/formats/tensor_file.h"
#include "penfield/model/architecture.h"
#include "penfield/model/block.h"
#include "penfield/model/model_spec.h"
#include "penfield/model/tensor_rules.h"

namespace penfield::model {

// What weights take, known from the files' headers.
struct WeightsBytes {
  std::uint64_t mapped = 0;     // of the files, what is used where it lies
  std::uint64_t converted = 0;  // float32 copies of the rest
  std::uint64_t replaced = 0;   // of the files, what the copies are made of: in memory while they are opened
  std::uint64_t shuffled = 0, initialised = 0;  // what Weights::replace takes, by its kind
};

// A tensor of the model, where its values lie now: in the file, or in a copy of Weights::replace.
struct StoredTensor {
  TensorSlot slot;
  const formats::Tensor* in_file = nullptr;  // name and shape
  formats::Dtype dtype = formats::Dtype::kF32;
  std::span<const std::byte> bytes;
};

// A model with nothing learned.
enum class NullWeights : std::uint8_t {
  kShuffled,     // the entries of every tensor in random order: its size and the spread of its weights stay
  kInitialised,  // as before training: matrices normal with SD .02, gains 1, shifts and biases 0
};

// Bytes of the copy of a tensor that Weights::replace makes.
[[nodiscard]] std::size_t null_bytes(const StoredTensor& tensor, NullWeights kind);

class Weights {
 public:
  // Errors of names and shapes are those of open.
  [[nodiscard]] static Result<WeightsBytes> measure(const std::string& folder, const ModelSpec& spec);
  // kBadInput names the tensor: missing, of another shape than the config says (found and expected), holding
  // NaN or infinity, or belonging to a part that the config does not know. The NaN check reads all weights,
  // in parallel. spec: of the folder. kInterrupted: `stop` was requested (looked at before every tensor).
  [[nodiscard]] static Result<Weights> open(const std::string& folder, const ModelSpec& spec,
                                            const std::stop_token& stop = {});

  // An output a token.
  [[nodiscard]] const numeric::WeightView& token_embedding() const { return token_embedding_; }
  [[nodiscard]] const numeric::WeightView& position_embedding() const { return position_embedding_; }
  [[nodiscard]] const Block& block(std::uint32_t layer) const { return blocks_[layer]; }
  [[nodiscard]] const Norm& final_norm() const { return final_norm_; }
  // An output a token. Absent where neither the file has it nor it is tied: activations need no logits.
  [[nodiscard]] const numeric::WeightView& logits() const { return logits_; }

  // In the order of the model.
  [[nodiscard]] const std::vector<StoredTensor>& tensors() const { return tensors_; }
  [[nodiscard]] std::span<const formats::MappedFile> files() const { return file_.files(); }
  // Gives back the memory of mapped weights; what is needed again comes from the system's cache of the files.
  void release_pages() const { file_.release_pages(); }
  [[nodiscard]] const std::string& dtype() const { return dtype_; }  // "F32", "Q4_K", … or "mixed"

  // Replaces every tensor, in memory: the files stay as they are. The same seed gives the same weights
  // everywhere. Values of block formats become float32, as they share their scales. Takes
  // WeightsBytes::shuffled or ::initialised, which come in addition to all that open takes before that is
  // given back. kInterrupted as open; then the weights are of no use.
  [[nodiscard]] Result<void> replace(NullWeights kind, std::uint64_t seed, const std::stop_token& stop = {});

 private:
  Weights(formats::TensorFile file, ModelSpec spec) : file_(std::move(file)), spec_(std::move(spec)) {}
  [[nodiscard]] Result<void> find_tensors();
  [[nodiscard]] Result<void> check_all_finite(const std::stop_token& stop) const;
  // Points every part of the model to the bytes of its tensor.
  void bind();

  formats::TensorFile file_;
  ModelSpec spec_;
  std::vector<StoredTensor> tensors_;
  std::vector<AlignedFloats> replaced_;      // [tensor]
  std::vector<std::vector<float>> vectors_;  // norms and biases
  numeric::WeightView token_embedding_, position_embedding_, logits_;
  std::vector<Block> blocks_;
  Norm final_norm_;
  std::string dtype_;
};

}  // namespace penfield::model
