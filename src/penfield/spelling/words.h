// The words of a text, and which of them begin a sentence. One definition for labels, which mark words, and
// for the traits of tokens, so that a target and the traits it is matched in mean the same word.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace penfield::spelling {

// A range of bytes of a text, without surrounding white space.
struct Span {
  std::uint64_t begin_bytes = 0, end_bytes = 0;
};

// A word: a run of letters, marks and numbers, which may contain single apostrophes or hyphens ("don't",
// "well-known", "O’Neill", "1990s"). Quotation marks around a word are not part of it.
struct Word {
  Span whole;
  std::uint64_t stem_end_bytes = 0;  // before a final 's; else the end of the word
};

[[nodiscard]] std::vector<Word> words_of(std::string_view text);

// Whether the word that begins at byte `at` of `text` begins a sentence: the nearest character before it that
// is not white space is one of . ? !, or there is a line break between them, or nothing but white space
// before it. A mark ends a sentence without white space behind it too ("U.S": S), and a quotation mark before
// the word hides what stands before the mark. Reads back to that character only.
[[nodiscard]] bool begins_sentence(std::string_view text, std::uint64_t at);

}  // namespace penfield::spelling
