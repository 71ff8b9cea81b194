// Letters, numbers, white space: the three classes of characters that the patterns of pre-tokenisers name
// (\p{L}, \p{N}, \s), by the Unicode version of utf8proc (15.0 in Debian 12).
//
// \s is Unicode's White_Space, as in the regex engines of the reference encoders, so U+001C–U+001F are not
// white space and U+0085 is. Every code point's class is compared with those engines by
// tokens_golden_test.cc; tests/golden/tokens/README.md says where they differ.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace penfield::tokens {

enum class CharClass : std::uint8_t { kLetter, kNumber, kSpace, kOther };

// The class of a code point. An unassigned one is kOther.
[[nodiscard]] CharClass char_class(char32_t code_point);

struct Character {
  CharClass char_class = CharClass::kOther;
  std::size_t end = 0;  // byte after it
};

// The character that begins at `begin` < text.size(). A byte that belongs to no UTF-8 character counts as a
// character of kOther.
[[nodiscard]] Character character_at(std::string_view text, std::size_t begin);

// The byte after the characters of `wanted` that follow `begin` without a gap; `begin` where there are none.
[[nodiscard]] std::size_t run_end(std::string_view text, std::size_t begin, CharClass wanted);

// \w: Unicode's Alphabetic, marks, decimal digits, connector punctuation, joiners. The character that ends at
// the end of `text`, or begins at its beginning; false for an empty text.
[[nodiscard]] bool ends_with_word(std::string_view text);
[[nodiscard]] bool starts_with_word(std::string_view text);

}  // namespace penfield::tokens
