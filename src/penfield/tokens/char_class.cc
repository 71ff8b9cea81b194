#include "penfield/tokens/char_class.h"

#include <utf8proc.h>

#include <array>

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

// The code point that begins at `begin` and its bytes; -1 and 1 where a byte begins none.
struct CodePoint {
  utf8proc_int32_t value = -1;
  std::size_t n_bytes = 1;
};

CodePoint code_point_at(std::string_view text, std::size_t begin) {
  CodePoint out;
  const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + begin,
                                  static_cast<utf8proc_ssize_t>(text.size() - begin), &out.value);
  if (n > 0) out.n_bytes = static_cast<std::size_t>(n);
  return out;
}

bool is_word(utf8proc_int32_t c) {
  if (c < 0) return false;
  if (char_class(static_cast<char32_t>(c)) == CharClass::kLetter) return true;
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:  // the joiners, and the circled letters, which are Alphabetic
      return c == 0x200C || c == 0x200D || (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
             (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
  }
}

}  // namespace

CharClass char_class(char32_t code_point) {
  return code_point < 128 ? kAscii[code_point] : class_beyond_ascii(code_point);
}

Character character_at(std::string_view text, std::size_t begin) {
  const auto lead = static_cast<unsigned char>(text[begin]);
  if (lead < 0x80) return {kAscii[lead], begin + 1};
  const CodePoint c = code_point_at(text, begin);
  if (c.value < 0) return {CharClass::kOther, begin + 1};
  return {class_beyond_ascii(static_cast<char32_t>(c.value)), begin + c.n_bytes};
}

std::size_t run_end(std::string_view text, std::size_t begin, CharClass wanted) {
  while (begin < text.size()) {
    const Character next = character_at(text, begin);
    if (next.char_class != wanted) break;
    begin = next.end;
  }
  return begin;
}

bool ends_with_word(std::string_view text) {
  for (std::size_t n = 1; n <= 4 && n <= text.size(); ++n) {
    const CodePoint c = code_point_at(text, text.size() - n);
    if (c.value >= 0) return c.n_bytes == n && is_word(c.value);
  }
  return false;
}

bool starts_with_word(std::string_view text) {
  return !text.empty() && is_word(code_point_at(text, 0).value);
}

}  // namespace penfield::tokens
