// Random GPT-2 checkpoints, some of whose units are planted: made to read capitals, with an effect that is
// known.
//
// How a plant is kept to its own pot. Let u be a unit vector whose components sum to 0. Every token's
// embedding is base ± c·u: plus where the token begins with a capital, minus elsewhere, over the same base
// for both spellings of a word. Whatever writes to the residual stream (positions, attention, MLP) has u
// projected out, and so has whatever reads it (attention, MLP); LayerNorm removes the mean, which leaves u as
// it is, and divides by a norm that is the same for +c and −c; its gain is 1 and its bias 0. So all that is
// not planted computes, up to rounding, the same numbers for " bado" as for " Bado". A planted column of c_fc
// has g·u added, so that its activation moves by ±g·c/σ; its row of c_proj is 0, so nothing of it goes on.
// With names there is a second such vector v, orthogonal to u, along which names differ from all other
// tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"

namespace penfield::planted {

struct Shape {
  std::size_t width = 64, n_layers = 2, n_heads = 4, context = 256;
  std::size_t n_vocab = 0;

  [[nodiscard]] std::size_t n_inner() const { return 4 * width; }
};

enum class Dtype { kF32, kF16, kBf16 };

struct Recipe {
  Shape shape;
  Dtype dtype = Dtype::kF32;
  std::uint64_t seed = 1;
  std::vector<std::string>
      tokens;  // by id, in raw bytes; empty: plain random weights, in which nothing knows of capitals
  std::vector<UnitId> planted;                 // at mlp.pre: read capitals
  std::unordered_set<std::string> names = {};  // tokens that are names, in raw bytes
  std::vector<UnitId> planted_names = {};      // read names, whatever their spelling
  double gain = 3.0;  // Cohen's d of a planted unit in the first block; later blocks have somewhat less
};

// Writes config.json and model.safetensors into `folder`. The bytes depend on the recipe alone, not on the
// threads. kUsage where shape and plants do not fit together; kIo where a file cannot be written.
[[nodiscard]] Result<void> write_checkpoint(const Recipe& recipe, const std::string& folder);

}  // namespace penfield::planted
