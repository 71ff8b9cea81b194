// Tokens that count as equal: coarsened exact matching.
//
// Each trait is cut into classes, and a target may be compared with a token of the same class in every trait
// and with no other. What the classes let pass is bounded before anything is drawn, no model of the traits is
// fitted, and within a cell any token may be drawn, so that further draws are draws and not the same nearest
// neighbours again. Source: Iacus, King & Porro 2012, "Causal inference without balance checking: coarsened
// exact matching".
//
// leading-space has its two values for classes. The others are cut at the quantiles of the targets: kClasses
// classes of equal number, fewer where values are equal. A token beyond the smallest or largest target has no
// class: there is nobody to compare it with. Five classes remove nine tenths of the bias in a trait (Cochran
// 1968); with more, more targets find no partner (figures in docs/numerics.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "penfield/sample/sample_plan.h"
#include "penfield/sample/token_traits.h"

namespace penfield::sample {

inline constexpr std::size_t kClasses = 5;

// The classes of one trait.
class TraitClasses {
 public:
  // targets: at least one value, in any order.
  TraitClasses(Trait trait, std::vector<double> targets);

  // 0 … kClasses − 1; none beyond the targets' range.
  [[nodiscard]] std::optional<std::uint32_t> class_of(double value) const;

 private:
  double smallest_, largest_;
  std::vector<double> borders_;  // rising; a class begins at its border
};

class MatchCells {
 public:
  // Without traits there is one cell, which holds all. targets: not empty. What it is given must outlive it.
  MatchCells(const TokenTraits* traits, std::span<const Trait> match, std::span<const Window> windows,
             std::span<const Sample> targets);

  // The cell of a token, the same number for equal tokens; none where no target can equal it.
  [[nodiscard]] std::optional<std::uint32_t> cell_of(const Sample& sample) const;

  // Cells are numbered below this.
  [[nodiscard]] std::uint32_t n_cells() const { return n_cells_; }

 private:
  const TokenTraits* traits_;
  std::span<const Trait> match_;
  std::span<const Window> windows_;
  std::vector<TraitClasses> classes_;  // [match]
  std::uint32_t n_cells_ = 1;
};

}  // namespace penfield::sample
