// What kind of token a unit fires on, over all tokens of its heatmap and so at their natural prevalence.
//
// Kinds exclude each other: a token is of the first that fits, in the order of TokenKind. Words and the
// beginnings of sentences are those of spelling/words.h, as in labels/ and in the traits of tokens
// (sample/token_traits.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "penfield/report/words/report_data.h"

namespace penfield::report {

enum class TokenKind : std::uint8_t {
  kTarget,
  kTargetPiece,      // another token of a word that holds a target
  kSentenceInitial,  // holds the first letter of a sentence
  kCapital,          // its first letter is upper-case
  kPunctuation,      // no letter, mark or digit: white space too
  kNumber,           // no letter
  kContinuation,     // holds no beginning of a word
  kWord,             // all others: a word that is not capitalised, or its beginning
};
inline constexpr std::size_t kTokenKinds = 8;

// [n_tokens] of the windows of a heatmap. A token without text, which is the rest of a character that the
// token before it shows, has none.
[[nodiscard]] std::vector<std::optional<TokenKind>> token_kinds(std::span<const store::WindowToken> tokens);

// "Of its 100 strongest tokens, 83 are targets, 9 are other capitals and 8 begin a sentence; 6% of all 3,969
// tokens are targets." The 100 tokens with the greatest values, or the smallest where direction < 0; a tenth
// of the tokens where they are fewer than 1,000. The first token of a window, on which models park huge
// activations, and tokens without text or a finite value are left out; equal values are ordered by place.
// values: [n_tokens], or empty. Empty where there are fewer than 10 tokens.
[[nodiscard]] std::string tally_sentence(std::span<const store::WindowToken> tokens,
                                         std::span<const float> values, int direction);

}  // namespace penfield::report
