#include "penfield/report/words/visible_text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <array>
#include <utility>

namespace penfield::report {
namespace {

struct Character {
  utf8proc_int32_t code = -1;  // < 0: the byte is not part of a UTF-8 character
  std::size_t n_bytes = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
  Character out;
  const auto read = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &out.code);
  if (read > 0) {
    out.n_bytes = static_cast<std::size_t>(read);
  } else {
    out.code = -1;
  }
  return out;
}

bool has_no_ink(utf8proc_int32_t code) {
  constexpr utf8proc_int32_t kZeroWidthNonJoiner = 0x200c, kZeroWidthJoiner = 0x200d;
  if (code == kZeroWidthNonJoiner || code == kZeroWidthJoiner) return false;
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

constexpr std::array<std::pair<utf8proc_int32_t, std::string_view>, 26> kSpelled = {{
    {0x2212, "-"},     {0x2013, "-"},    {0x2014, "-"},      {0x00d7, "x"},  {0x00b1, "+/-"},
    {0x03b1, "alpha"}, {0x03b2, "beta"}, {0x03bb, "lambda"}, {0x2264, "<="}, {0x2265, ">="},
    {0x2248, "~"},     {0x2713, "yes"},  {0x2026, "..."},    {0x00b7, " "},  {0x21b5, "\\n"},
    {0x21e5, "\\t"},   {0x25b2, "+"},    {0x25bc, "-"},      {0x201c, "\""}, {0x201d, "\""},
    {0x2019, "'"},     {0x2018, "'"},    {0x03c7, "chi"},    {0x2500, "-"},  {0x2588, "#"},
    {0x00a0, " "},
}};

constexpr std::array<std::pair<utf8proc_int32_t, char>, 12> kSuperscripts = {{
    {0x2070, '0'},
    {0x00b9, '1'},
    {0x00b2, '2'},
    {0x00b3, '3'},
    {0x2074, '4'},
    {0x2075, '5'},
    {0x2076, '6'},
    {0x2077, '7'},
    {0x2078, '8'},
    {0x2079, '9'},
    {0x207b, '-'},
    {0x207a, '+'},
}};

char superscript(utf8proc_int32_t code) {
  for (const auto& [sign, plain] : kSuperscripts) {
    if (sign == code) return plain;
  }
  return 0;
}

std::size_t width_of(const Character& character) {
  if (character.code < 0) return 1;
  const int width = utf8proc_charwidth(character.code);
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

}  // namespace

std::string visible(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Character character = character_at(bytes, at);
    if (character.code < 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[at]));
    } else if (has_no_ink(character.code)) {
      out += fmt::format("\\u{{{:x}}}", character.code);
    } else {
      out += bytes.substr(at, character.n_bytes);
    }
    at += character.n_bytes;
  }
  return out;
}

std::string to_ascii(std::string_view visible_text) {
  std::string out;
  bool in_superscript = false;
  for (std::size_t at = 0; at < visible_text.size();) {
    const Character character = character_at(visible_text, at);
    at += character.n_bytes;
    if (const char raised = superscript(character.code); raised != 0) {
      if (!in_superscript) out += '^';
      out += raised;
      in_superscript = true;
      continue;
    }
    in_superscript = false;
    if (character.code >= 0 && character.code < 0x80) {
      out += static_cast<char>(character.code);
      continue;
    }
    std::string spelled = fmt::format("\\u{{{:x}}}", character.code);
    for (const auto& [sign, word] : kSpelled) {
      if (sign == character.code) spelled = word;
    }
    out += spelled;
  }
  return out;
}

std::size_t display_width(std::string_view visible_text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < visible_text.size();) {
    const Character character = character_at(visible_text, at);
    width += width_of(character);
    at += character.n_bytes;
  }
  return width;
}

std::size_t prefix_of_width(std::string_view visible_text, std::size_t width) {
  std::size_t taken = 0;
  std::size_t at = 0;
  while (at < visible_text.size()) {
    const Character character = character_at(visible_text, at);
    if (at > 0 && taken + width_of(character) > width) break;
    taken += width_of(character);
    at += character.n_bytes;
  }
  return at;
}

}  // namespace penfield::report
