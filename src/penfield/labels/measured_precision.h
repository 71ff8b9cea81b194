// How often a rule is right, measured once on gold tags: what stands beside every result that was made with
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "penfield/labels/audit.h"
#include "penfield/labels/concept.h"

namespace penfield::labels {

struct RulePrecision {
  std::string_view text;       // "UD English-EWT (dev)"
  std::string_view gold;       // "xpos:NNP,NNPS": what the rule is taken for
  std::string_view tokenizer;  // "GPT-2"; empty: the rule marks words, and the figures hold for any tokenizer
  std::uint64_t n_rule = 0, n_gold = 0, n_both = 0;  // as in GoldComparison

  [[nodiscard]] Share precision() const { return share_of(n_both, n_rule); }
  [[nodiscard]] Share recall() const { return share_of(n_both, n_gold); }
};

// None for concepts that are no guess at a gold tag.
[[nodiscard]] std::optional<RulePrecision> measured_precision(const Concept& of);

}  // namespace penfield::labels
