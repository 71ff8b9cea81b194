// Properties of characters that labels and traits use (case, white space, word parts), for bytes that need
// not be whole characters.
//
// A token may end within a UTF-8 character. Its pieces are decoded as by Python's bytes.decode("utf-8",
// "replace"): each maximal truncated start of a character is one U+FFFD, which is neither a letter nor white
// space. Source: The Unicode Standard 15, chapter 3.9, table 3-7 and "U+FFFD substitution of maximal
// subparts".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace penfield::spelling {

struct Character {
  char32_t code_point = 0;
  std::size_t n_bytes = 0;
};

inline constexpr char32_t kReplacement = 0xFFFD;

// The first character of `bytes`, which is not empty.
[[nodiscard]] Character first_character(std::string_view bytes);

// Whether the byte is one of those behind the first of a character (10xxxxxx).
[[nodiscard]] constexpr bool continues_a_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

[[nodiscard]] std::size_t n_characters(std::string_view bytes);

[[nodiscard]] bool is_white_space(char32_t c);  // Python's str.isspace
// Where a line must end: LF, VT, FF, CR, NEL, U+2028, U+2029 (UAX #14).
[[nodiscard]] bool is_line_break(char32_t c);
[[nodiscard]] bool is_upper_case(char32_t c);  // Unicode Lu or Lt
[[nodiscard]] bool is_letter(char32_t c);      // Unicode L*
[[nodiscard]] bool is_word_part(char32_t c);   // letter, mark or number: Unicode L*, M* or N*

// `bytes` split into leading white space, the stripped part, and trailing white space (Python's str.strip).
struct Stripped {
  std::string_view leading, text, trailing;
};
[[nodiscard]] Stripped strip(std::string_view bytes);

[[nodiscard]] bool has_line_break(std::string_view bytes);

// Full case folding, canonical composition, and one form of apostrophe (') and hyphen (-), so that spellings
// of a word compare equal. Invalid UTF-8 is returned unchanged, and so is what is not ASCII and has more than
// kMostFoldedBytes: composition takes time by the square of a run of accents.
inline constexpr std::size_t kMostFoldedBytes = 1024;
[[nodiscard]] std::string fold(std::string_view word);

}  // namespace penfield::spelling
