// Traits of tokens other than the concept, in which targets and other tokens differ. A scan can hold them
// equal by matching (match_cells.h) or as covariates of the regression.
//
//   leading-space   1 if the token begins with a space (U+0020), else 0
//   length          characters of the token without that space: the code points that begin in it, so a token
//                   that only continues a character has 0, and the leading spaces and lengths of a text's
//                   tokens add up to its characters
//   log-frequency   ln((n + 1) / (N + V)): n uses of this token among the N tokens of the text read, of V
//                   token types (Laplace's add-one smoothing: Jurafsky & Martin 2009, §4.5.1). The text read
//                   stands for the language, so a short text makes rare words look alike
//   position        tokens before it in its window; 0 for the first
//
// The first three belong to the token type, because the bytes of a byte-level token follow from its id.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/sample/sample_plan.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::sample {

inline constexpr std::array kTraits = {Trait::kLeadingSpace, Trait::kLength, Trait::kLogFrequency,
                                       Trait::kPosition};

// "leading-space", "length", "log-frequency", "position".
[[nodiscard]] std::string_view trait_name(Trait trait);

// "length,position" -> those traits, in the order of kTraits, each once. kUsage: an unknown or empty name;
// the message begins with `flag` ("--match").
[[nodiscard]] Result<std::vector<Trait>> parse_traits(std::string_view list, std::string_view flag);

// The traits of every token of one stream, which must outlive it.
class TokenTraits {
 public:
  TokenTraits(const tokens::TokenStream& stream, std::span<const text::Document> documents);

  // Of the token at `position` of `window`.
  [[nodiscard]] double value(Trait trait, const Window& window, std::uint32_t position) const;

  // [samples, traits], row-major: one row for each sample of the plan, one column for each of `traits`.
  [[nodiscard]] std::vector<double> table(const SamplePlan& plan, std::span<const Trait> traits) const;

 private:
  struct Type {
    std::uint64_t n_uses = 0;
    double leading_space = 0, length = 0, log_frequency = 0;
  };

  const tokens::TokenStream& stream_;
  std::vector<Type> types_;  // by token id
};

}  // namespace penfield::sample
