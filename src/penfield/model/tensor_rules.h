// How a checkpoint names and stores what a model is made of: a table that a family fills in, and the list of
// tensors that follows from it. Reading, measuring and shuffling weights are loops over that list.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "penfield/model/architecture.h"
#include "penfield/model/block.h"

namespace penfield::model {

// A rule is one module of a block: NAME.weight and, where it has one, NAME.bias.
struct NormRule {
  std::string name;
  Norm Block::*norm = nullptr;
  bool has_shift = false;
};

enum class Stored : std::uint8_t {
  kOutIn,        // a row is the weights of one output; several parts stand one below the other
  kInOut,        // a row is an input's share in all outputs (GPT-2); several parts stand side by side
  kPerHead,      // as kOutIn, but head by head: d_head rows of the first part, of the second, … (GPT-NeoX)
  kRotaryPairs,  // as kOutIn, but the two dimensions of a head that turn together are neighbours (llama in
                 // GGUF)
};

struct LinearRule {
  std::string name;
  std::vector<Linear Block::*> parts;  // what one tensor holds, in its order
  bool has_bias = false;
  Stored stored = Stored::kOutIn;
};

using BlockRule = std::variant<NormRule, LinearRule>;

struct TensorRules {
  // What stands before every name; the first with which the file has the token embedding. "" may be one.
  std::vector<std::string> prefixes;
  std::string token_embedding,
      position_embedding;           // modules; the second empty where positions are not learned
  NormRule final_norm;              // its `norm` is not used
  std::vector<std::string> logits;  // whole names of the logits' matrix, where it is not tied
  std::string blocks;               // "h": of blocks "h.0", "h.1", …
  std::vector<BlockRule> block;
  std::vector<std::string> ignored;  // tensors of a block that hold nothing that was learned
};

// Which part of the model a tensor is.
struct TensorSlot {
  enum class Kind : std::uint8_t {
    kTokenEmbedding,
    kPositionEmbedding,
    kFinalGain,
    kFinalShift,
    kLogits,
    kGain,    // of NormRule `rule` of block `layer`
    kShift,   // the same
    kMatrix,  // of LinearRule `rule` of block `layer`
    kBias,    // the same
  };
  Kind kind = Kind::kTokenEmbedding;
  std::uint32_t layer = 0;
  std::uint32_t rule = 0;

  [[nodiscard]] bool is_matrix() const {
    return kind == Kind::kTokenEmbedding || kind == Kind::kPositionEmbedding || kind == Kind::kLogits ||
           kind == Kind::kMatrix;
  }
};

// Every tensor of a checkpoint in the order of the model: visit(slot, name without its prefix, shape). The
// logits' matrix is the last, and not among them where it is tied.
using TensorVisitor =
    std::function<void(const TensorSlot& slot, const std::string& name, std::vector<std::uint64_t> shape)>;
void for_each_tensor(const Architecture& architecture, const TensorRules& rules, const TensorVisitor& visit);

// "h.12.attn.bias" is of block 12; what stands behind that is a tensor of the rules, ignored, or of no part.
enum class BlockTensor : std::uint8_t { kNotOfABlock, kKnown, kIgnored, kBeyond, kUnknown };
[[nodiscard]] BlockTensor classify(const Architecture& architecture, const TensorRules& rules,
                                   std::string_view name);

}  // namespace penfield::model
