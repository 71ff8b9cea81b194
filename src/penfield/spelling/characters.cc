#include "penfield/spelling/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "penfield/base/check.h"

namespace penfield::spelling {
namespace {

utf8proc_category_t category(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

// What the bytes after a lead byte may be: how many, and the narrower range of the first of them.
struct Lead {
  std::size_t n_following = 0;
  unsigned low = 0x80, high = 0xBF;
};

// n_following is 0 for a byte that begins no character of two or more bytes.
Lead lead_of(unsigned byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {.n_following = 1};
  if (byte == 0xE0) return {.n_following = 2, .low = 0xA0};
  if (byte == 0xED) return {.n_following = 2, .high = 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {.n_following = 2};
  if (byte == 0xF0) return {.n_following = 3, .low = 0x90};
  if (byte == 0xF4) return {.n_following = 3, .high = 0x8F};
  if (byte >= 0xF1 && byte <= 0xF3) return {.n_following = 3};
  return {};
}

bool is_ascii_word(std::string_view word) {
  return std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void replace_all(std::string& text, std::string_view from, char to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
    text.replace(at, from.size(), 1, to);
  }
}

}  // namespace

Character first_character(std::string_view bytes) {
  PENFIELD_CHECK(!bytes.empty());
  const auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[i])); };
  const unsigned first = at(0);
  if (first < 0x80) return {.code_point = first, .n_bytes = 1};
  const Lead lead = lead_of(first);
  if (lead.n_following == 0) return {.code_point = kReplacement, .n_bytes = 1};
  char32_t code_point = first & (0x3Fu >> lead.n_following);
  for (std::size_t i = 1; i <= lead.n_following; ++i) {
    const unsigned low = i == 1 ? lead.low : 0x80;
    const unsigned high = i == 1 ? lead.high : 0xBF;
    if (i == bytes.size() || at(i) < low || at(i) > high) return {.code_point = kReplacement, .n_bytes = i};
    code_point = code_point << 6 | (at(i) & 0x3F);
  }
  return {.code_point = code_point, .n_bytes = lead.n_following + 1};
}

std::size_t n_characters(std::string_view bytes) {
  std::size_t n = 0;
  for (; !bytes.empty(); ++n) bytes.remove_prefix(first_character(bytes).n_bytes);
  return n;
}

bool is_white_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_line_break(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_upper_case(char32_t c) {
  return category(c) == UTF8PROC_CATEGORY_LU || category(c) == UTF8PROC_CATEGORY_LT;
}

bool is_letter(char32_t c) {
  const utf8proc_category_t of_c = category(c);
  return of_c >= UTF8PROC_CATEGORY_LU && of_c <= UTF8PROC_CATEGORY_LO;
}

bool is_word_part(char32_t c) {
  const utf8proc_category_t of_c = category(c);  // L*, M* and N* are numbered from LU to NO without a gap
  return of_c >= UTF8PROC_CATEGORY_LU && of_c <= UTF8PROC_CATEGORY_NO;
}

Stripped strip(std::string_view bytes) {
  std::size_t begin = bytes.size();
  std::size_t end = bytes.size();
  for (std::size_t i = 0; i < bytes.size();) {
    const Character c = first_character(bytes.substr(i));
    i += c.n_bytes;
    if (is_white_space(c.code_point)) continue;
    begin = std::min(begin, i - c.n_bytes);
    end = i;
  }
  return {.leading = bytes.substr(0, begin),
          .text = bytes.substr(begin, end - begin),
          .trailing = bytes.substr(end)};
}

bool has_line_break(std::string_view bytes) {
  while (!bytes.empty()) {
    const Character c = first_character(bytes);
    if (is_line_break(c.code_point)) return true;
    bytes.remove_prefix(c.n_bytes);
  }
  return false;
}

std::string fold(std::string_view word) {
  std::string folded(word);
  if (is_ascii_word(word)) {
    for (char& c : folded) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return folded;
  }
  if (word.size() > kMostFoldedBytes) return folded;
  utf8proc_uint8_t* mapped = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  const utf8proc_ssize_t n_bytes = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()),
                                                static_cast<utf8proc_ssize_t>(word.size()), &mapped, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (n_bytes < 0) return folded;
  folded.assign(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(n_bytes));
  replace_all(folded, "\u2019", '\'');
  replace_all(folded, "\u2010", '-');
  replace_all(folded, "\u2011", '-');
  return folded;
}

}  // namespace penfield::spelling
