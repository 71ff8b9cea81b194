#include "penfield/tokens/show_token.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <array>

#include "penfield/base/check.h"

namespace penfield::tokens {
namespace {

struct ShownCharacter {
  utf8proc_int32_t code_point = -1;  // -1: a byte that begins no whole character
  std::size_t n_bytes = 1;
};

ShownCharacter first_character(std::string_view bytes) {
  ShownCharacter character;
  const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                  static_cast<utf8proc_ssize_t>(bytes.size()), &character.code_point);
  if (n > 0) character.n_bytes = static_cast<std::size_t>(n);
  return character;
}

bool is_seen(utf8proc_int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
      return false;
    default:
      return true;
  }
}

void append_code_point(std::string& shown, utf8proc_int32_t code_point) {
  std::array<utf8proc_uint8_t, 4> buffer{};
  const auto n = utf8proc_encode_char(code_point, buffer.data());
  shown.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(n));
}

void append_shown(std::string& shown, std::string_view bytes, const ShownCharacter& character) {
  const utf8proc_int32_t c = character.code_point;
  if (c < 0) {
    shown += fmt::format("‹{:02X}›", static_cast<unsigned char>(bytes[0]));
  } else if (c == ' ') {
    shown += "·";
  } else if (c == '\n') {
    shown += "↵";
  } else if (c == '\t') {
    shown += "⇥";
  } else if (c < 0x20) {
    append_code_point(shown, 0x2400 + c);
  } else if (c == 0x7F) {
    shown += "␡";
  } else if (is_seen(c)) {
    shown += bytes.substr(0, character.n_bytes);
  } else if (c <= 0xFFFF) {
    shown += fmt::format("\\u{:04X}", c);
  } else {
    shown += fmt::format("\\u{{{:X}}}", c);
  }
}

// The begin of the character that byte `at` of `text` lies in; `at` itself where it lies in none.
std::size_t character_begin(std::string_view text, std::size_t at) {
  for (std::size_t begin = at, steps = 0; steps < 4; --begin, ++steps) {
    const ShownCharacter character = first_character(text.substr(begin));
    if (character.code_point >= 0) return begin + character.n_bytes > at ? begin : at;
    if (begin == 0) break;
  }
  return at;
}

}  // namespace

std::string show_token(std::string_view bytes) {
  std::string shown;
  while (!bytes.empty()) {
    const ShownCharacter character = first_character(bytes);
    append_shown(shown, bytes, character);
    bytes.remove_prefix(character.n_bytes);
  }
  return shown;
}

std::vector<std::string> show_tokens(const TokenStream& stream, const text::Document& document,
                                     std::size_t first, std::size_t n) {
  PENFIELD_CHECK(first <= stream.n_tokens() && n <= stream.n_tokens() - first);
  std::vector<std::string> shown(n);
  if (n == 0) return shown;
  const std::string_view text = document.text;
  std::size_t at = character_begin(text, stream.begin_bytes[first]);
  for (std::size_t t = 0; t < n; ++t) {
    const std::uint64_t end = stream.end_bytes[first + t];
    PENFIELD_CHECK(end <= text.size());
    while (at < end) {
      const ShownCharacter character = first_character(text.substr(at));
      append_shown(shown[t], text.substr(at), character);
      at += character.n_bytes;
    }
  }
  return shown;
}

}  // namespace penfield::tokens
