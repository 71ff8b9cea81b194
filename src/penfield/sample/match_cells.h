// Coarsened exact matching: which tokens may be compared with which targets.
//
// Each trait is divided into classes, and a target may be compared only with a token of the same class in
// every trait. The remaining imbalance is bounded before anything is drawn, no model of the traits is fitted,
// and any token of a cell may be drawn, so that further draws are real draws and not the same nearest
// neighbours again. Source: Iacus, King & Porro 2012, "Causal inference without balance checking: coarsened
// exact matching".
//
// A trait of few values (n_values) has a class for each. The others are divided at the quantiles of the
// targets: kClasses classes of equal size, fewer where values are tied. A token outside the range of the
// targets has no class. Five classes remove nine tenths of the bias in a trait (Cochran 1968); with more
// classes, more targets have no partner.
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

  // 0 … n_classes() − 1; std::nullopt outside the targets' range.
  [[nodiscard]] std::optional<std::uint32_t> class_of(double value) const;

  [[nodiscard]] std::uint32_t n_classes() const { return static_cast<std::uint32_t>(borders_.size()) + 1; }

 private:
  double smallest_, largest_;
  std::vector<double> borders_;  // ascending; a class begins at its border
};

class MatchCells {
 public:
  // Without traits there is one cell for all. targets: not empty. The arguments must outlive the object.
  MatchCells(const TokenTraits* traits, std::span<const Trait> match, std::span<const Window> windows,
             std::span<const Sample> targets);

  // The number of the token's cell; std::nullopt if it is outside the targets' range in a trait.
  [[nodiscard]] std::optional<std::uint32_t> cell_of(const Sample& sample) const;

  // Upper bound of cell numbers.
  [[nodiscard]] std::uint32_t n_cells() const { return n_cells_; }

 private:
  const TokenTraits* traits_;
  std::span<const Trait> match_;
  std::span<const Window> windows_;
  std::vector<TraitClasses> classes_;  // [match]
  std::uint32_t n_cells_ = 1;
};

}  // namespace penfield::sample
