// The words that targets are, or are parts of: what a reader wants to see of a concept, instead of word
// pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

struct WordCount {
  std::string word;     // as it is spelt, without a final 's: "Paris", "Москва"
  std::uint64_t n = 0;  // how often it stands among the targets, each use counted once
};

struct TargetWords {
  std::uint64_t n_types = 0;   // distinct words; spellings with other capitals are other words
  std::vector<WordCount> top;  // the most frequent first, then by bytes
};

// targets: tokens of the stream, in any order; several pieces of one use of a word count once. A token
// belongs to the word of which it holds the first byte, or else to the one of which it holds any byte
// (spelling/words.h); a token without a word's byte, such as a comma, counts as its own text without white
// space around it, and white space as itself.
[[nodiscard]] TargetWords count_target_words(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                             std::span<const std::uint64_t> targets, std::size_t n_top);

}  // namespace penfield::labels
