// The matrices of a folder of recorded activations: every .npy file, and every tensor of every .safetensors
// file, is one layer, or several side by side.
//
// What its name says (layer_name.h) decides which. Of a shape, the leading axes whose product is the number
// of tokens are the tokens, and all behind them are units: [tokens, units], [batch, positions, units],
// [tokens, heads, width]. Of several layers in one array, the units of one follow those of another: [tokens,
// layers × units] or [tokens, layers, units]; or the layers come first, [layers, tokens, units]. Files are
// mapped, never loaded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/recorded/layer_matrix.h"

namespace penfield::recorded {

class LayerFiles {
 public:
  // n_tokens: of tokens.tsv. Where no name has a number, layers are numbered in the order of the names.
  // kBadInput, with the file and its shape: no matrix at all, a broken or truncated file, a type that is not
  // a float, a shape that does not hold n_tokens, some names with a layer and some without, or one layer of a
  // site twice. kIo.
  [[nodiscard]] static Result<LayerFiles> open(const std::string& folder, std::uint64_t n_tokens);

  // By site, then layer.
  [[nodiscard]] std::span<const LayerMatrix> matrices() const { return matrices_; }
  [[nodiscard]] std::span<const formats::MappedFile> files() const { return files_; }
  // Each once, ascending.
  [[nodiscard]] std::vector<Site> sites() const;
  [[nodiscard]] std::vector<std::uint32_t> layers_of(Site site) const;
  // nullptr where there is none.
  [[nodiscard]] const LayerMatrix* find(Site site, std::uint32_t layer) const;

  // Closes what holds nothing of these layers.
  void keep(Site site, std::span<const std::uint32_t> layers);

 private:
  std::vector<formats::MappedFile> files_;
  std::vector<LayerMatrix> matrices_;
};

}  // namespace penfield::recorded
