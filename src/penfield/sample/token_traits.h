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
//   capital         0: its first letter is not upper-case, or it has none; 1: it is, as in " Paris" and " I";
//                   2: it has two letters or more, and all are upper-case, as in " USA"
//   sentence-initial
//                   1 if it holds the first byte of a word that begins a sentence (spelling/words.h), as the
//                   proper-noun rule of labels/ has it
//   punctuation     1 if no byte of a letter, mark or digit lies in it, so of white space too; 0 for a token
//                   that is a part of such a character
//   word-initial    1 if it holds the first byte of a word (spelling/words.h), so 0 for further pieces of a
//                   word and for punctuation
//
// The first three and capital belong to the token type, because the bytes of a byte-level token follow from
// its id; the others depend on where it stands.
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

inline constexpr std::array kTraits = {Trait::kLeadingSpace, Trait::kLength,     Trait::kLogFrequency,
                                       Trait::kPosition,     Trait::kCapital,    Trait::kSentenceInitial,
                                       Trait::kPunctuation,  Trait::kWordInitial};

// As kTraitNames.
[[nodiscard]] std::string_view trait_name(Trait trait);

// What `trait` says of a token is one of few values, which are classes to match by: 2, or 3 for capital. 0:
// numbers.
[[nodiscard]] std::uint32_t n_values(Trait trait);

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

  // [token ids of the stream] strata of words that are alike in those of `traits` that belong to the token
  // type: equal leading space; lengths 1, 2, 3, 4, 5, 6–7, 8–10, 11 and more; uses 1, 2, 3, 4, and from there
  // classes whose ends are in the ratio 3:2. Empty where `traits` has none of the three.
  [[nodiscard]] std::vector<std::uint32_t> word_strata(std::span<const Trait> traits) const;

 private:
  struct Type {
    std::uint64_t n_uses = 0;
    double leading_space = 0, length = 0, log_frequency = 0, capital = 0;
  };
  void mark_words(const text::Document& document, std::uint64_t first, std::uint64_t end);

  const tokens::TokenStream& stream_;
  std::vector<Type> types_;  // by token id
  // [n_tokens]
  std::vector<bool> has_word_part_, begins_word_, begins_sentence_;
};

}  // namespace penfield::sample
