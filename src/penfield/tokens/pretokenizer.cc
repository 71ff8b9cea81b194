#include "penfield/tokens/pretokenizer.h"

#include <utf8proc.h>

#include <array>

#include "penfield/base/check.h"

namespace penfield::tokens {
namespace {

CharClass class_beyond_ascii(char32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return CharClass::kLetter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharClass::kNumber;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return CharClass::kSpace;
    default:
      return c == 0x85 ? CharClass::kSpace
                       : CharClass::kOther;  // U+0085 is White_Space by its property alone
  }
}

constexpr std::array<CharClass, 128> ascii_classes() {
  std::array<CharClass, 128> classes{};
  for (char32_t c = 0; c < 128; ++c) {
    const bool letter = (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
    const bool number = c >= U'0' && c <= U'9';
    const bool space = c == U' ' || (c >= U'\t' && c <= U'\r');
    classes[c] = letter   ? CharClass::kLetter
                 : number ? CharClass::kNumber
                 : space  ? CharClass::kSpace
                          : CharClass::kOther;
  }
  return classes;
}
constexpr std::array<CharClass, 128> kAscii = ascii_classes();

struct Character {
  CharClass char_class;
  std::size_t end;  // byte after it
};

Character character_at(std::string_view row, std::size_t begin) {
  const auto lead = static_cast<unsigned char>(row[begin]);
  if (lead < 0x80) return {kAscii[lead], begin + 1};
  utf8proc_int32_t code_point = -1;
  const auto n_bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(row.data()) + begin,
                                        static_cast<utf8proc_ssize_t>(row.size() - begin), &code_point);
  if (n_bytes <= 0) return {CharClass::kOther, begin + 1};
  return {class_beyond_ascii(static_cast<char32_t>(code_point)), begin + static_cast<std::size_t>(n_bytes)};
}

// The byte after the characters of `wanted` that follow `begin`.
std::size_t run_end(std::string_view row, std::size_t begin, CharClass wanted) {
  while (begin < row.size()) {
    const Character next = character_at(row, begin);
    if (next.char_class != wanted) break;
    begin = next.end;
  }
  return begin;
}

// Bytes of the contraction that `text` begins with, 0 if none: the first seven alternatives.
std::size_t contraction_length(std::string_view text) {
  constexpr std::array<std::string_view, 7> kContractions = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
  for (const std::string_view contraction : kContractions) {
    if (text.starts_with(contraction)) return contraction.size();
  }
  return 0;
}

// \s+(?!\S)|\s+ : white space up to the end of the row; else all but the last character of the run, which is
// left to the next piece; a run of one character is a piece.
std::size_t space_end(std::string_view row, std::size_t begin) {
  std::size_t last_begin = begin;
  std::size_t end = begin;
  while (end < row.size()) {
    const Character next = character_at(row, end);
    if (next.char_class != CharClass::kSpace) return last_begin > begin ? last_begin : end;
    last_begin = end;
    end = next.end;
  }
  return end;
}

}  // namespace

CharClass char_class(char32_t code_point) {
  return code_point < 128 ? kAscii[code_point] : class_beyond_ascii(code_point);
}

std::size_t piece_end(std::string_view row, std::size_t begin) {
  PENFIELD_CHECK(begin < row.size());
  if (row[begin] == '\'') {
    const std::size_t n_bytes = contraction_length(row.substr(begin));
    if (n_bytes > 0) return begin + n_bytes;
  }
  const std::size_t word_begin = row[begin] == ' ' && begin + 1 < row.size() ? begin + 1 : begin;
  const Character first = character_at(row, word_begin);
  if (first.char_class == CharClass::kSpace) return space_end(row, begin);
  return run_end(row, first.end, first.char_class);
}

}  // namespace penfield::tokens
