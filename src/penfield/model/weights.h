// The weights of a GPT-2 checkpoint, named and shaped.
//
// Float32 tensors at an aligned address are used where the file is mapped: opening 1.4 GB copies nothing.
// Others (F16, BF16, unaligned) are converted once. Every weight is checked to be finite, so that a NaN is
// found here with its tensor's name and not as a column of NaN in the results.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "penfield/base/matrix_view.h"
#include "penfield/base/result.h"
#include "penfield/formats/safetensors.h"
#include "penfield/model/architecture.h"

namespace penfield::model {

// A product x·matrix + bias; the file holds the matrix as [in, out].
struct Linear {
  MatrixView<const float> matrix;
  std::span<const float> bias;
};

struct Norm {
  std::span<const float> gain;
  std::span<const float> shift;
};

// E = n_embd, F = n_inner.
struct BlockWeights {
  Norm ln_1;        // [E]
  Linear attn_in;   // c_attn  [E, 3E]: q, k, v
  Linear attn_out;  // c_proj  [E, E]
  Norm ln_2;        // [E]
  Linear mlp_in;    // c_fc    [E, F]
  Linear mlp_out;   // c_proj  [F, E]
};

// What weights take, known from the files' headers.
struct WeightsBytes {
  std::uint64_t mapped = 0;     // of the files, what is used where it lies
  std::uint64_t converted = 0;  // float32 copies of the rest
  std::uint64_t replaced = 0;   // of the files, what the copies are made of: in memory while they are opened
};

class Weights {
 public:
  // Errors of names and shapes are those of open.
  [[nodiscard]] static Result<WeightsBytes> measure(const std::string& folder,
                                                    const Architecture& architecture);
  // kBadInput names the tensor: missing, of another shape than the config says (found and expected), holding
  // NaN or infinity, or belonging to a part that the config does not know. The NaN check reads all weights,
  // in parallel.
  [[nodiscard]] static Result<Weights> open(const std::string& folder, const Architecture& architecture);

  [[nodiscard]] MatrixView<const float> token_embedding() const { return token_embedding_; }        // [V, E]
  [[nodiscard]] MatrixView<const float> position_embedding() const { return position_embedding_; }  // [P, E]
  [[nodiscard]] const BlockWeights& block(std::uint32_t layer) const { return blocks_[layer]; }
  [[nodiscard]] const Norm& final_norm() const { return final_norm_; }
  [[nodiscard]] MatrixView<const float> logit_matrix() const { return logit_matrix_; }  // [V, E]

  [[nodiscard]] const std::vector<std::string>& file_paths() const { return file_.file_paths(); }
  // Gives back the memory of mapped weights; what is needed again comes from the system's cache of the files.
  void release_pages() const { file_.release_pages(); }
  [[nodiscard]] const std::string& dtype() const { return dtype_; }  // "F32", "F16", "BF16" or "mixed"
  [[nodiscard]] std::uint64_t n_copied_bytes() const { return n_copied_bytes_; }  // of converted weights

  // Puts the entries of every tensor in random order, in memory: the files stay as they are. The same seed
  // gives the same order everywhere. Takes shuffled_bytes, which come beside all that open takes before that
  // is given back.
  void shuffle(std::uint64_t seed);
  [[nodiscard]] static std::uint64_t shuffled_bytes(const Architecture& architecture);

 private:
  friend class WeightsReader;
  explicit Weights(formats::Safetensors file) : file_(std::move(file)) {}

  formats::Safetensors file_;
  std::vector<std::vector<float>> converted_;  // what the views below show, where it is not the file itself
  MatrixView<const float> token_embedding_, position_embedding_, logit_matrix_;
  std::vector<BlockWeights> blocks_;
  Norm final_norm_;
  std::string dtype_;
  std::uint64_t n_copied_bytes_ = 0;
};

}  // namespace penfield::model
