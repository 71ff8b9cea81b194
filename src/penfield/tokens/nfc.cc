#include "penfield/tokens/nfc.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <vector>

namespace penfield::tokens {
namespace {

// Code point and bytes of the character at `begin`; -1 where there is none.
utf8proc_int32_t decode(std::string_view text, std::size_t begin, std::size_t& n_bytes) {
  utf8proc_int32_t code_point = -1;
  const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + begin,
                                  static_cast<utf8proc_ssize_t>(text.size() - begin), &code_point);
  n_bytes = n > 0 ? static_cast<std::size_t>(n) : 1;
  return n > 0 ? code_point : -1;
}

// True of what may combine with a character before it: every code point of a combining class other than 0,
// and those whose quick check for NFC is "maybe", are marks or vowels and final consonants of Hangul.
bool may_combine(utf8proc_int32_t c) {
  if (c < 0x300) return false;
  if ((c >= 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF)) return true;
  const utf8proc_category_t category = utf8proc_category(c);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

auto combining_class(utf8proc_int32_t c) {
  return utf8proc_get_property(c)->combining_class;
}

// Stable order by combining class of every run of code points of class other than 0.
void order_marks(std::vector<utf8proc_int32_t>& text) {
  for (auto begin = text.begin(); begin != text.end();) {
    if (combining_class(*begin) == 0) {
      ++begin;
      continue;
    }
    const auto end = std::find_if(begin, text.end(), [](auto c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end, [](auto a, auto b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

}  // namespace

bool is_surely_nfc(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xCC; });
}

std::size_t nfc_segment_end(std::string_view text, std::size_t begin) {
  std::size_t n_bytes = 1;
  const bool is_character = decode(text, begin, n_bytes) >= 0;
  std::size_t end = begin + n_bytes;
  if (!is_character) return end;
  while (end < text.size() && may_combine(decode(text, end, n_bytes))) end += n_bytes;
  return end;
}

std::string nfc(std::string_view text) {
  std::vector<utf8proc_int32_t> decomposed;
  constexpr auto kDecompose = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);
  for (std::size_t at = 0, n_bytes = 1; at < text.size(); at += n_bytes) {
    const utf8proc_int32_t code_point = decode(text, at, n_bytes);
    if (code_point < 0) return std::string(text);
    std::array<utf8proc_int32_t, 32> parts{};
    int boundary = 0;
    const auto n = utf8proc_decompose_char(code_point, parts.data(), parts.size(), kDecompose, &boundary);
    if (n < 0 || static_cast<std::size_t>(n) > parts.size()) return std::string(text);
    decomposed.insert(decomposed.end(), parts.begin(), parts.begin() + n);
  }
  order_marks(decomposed);
  constexpr auto kCompose = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  const auto n =
      utf8proc_normalize_utf32(decomposed.data(), static_cast<utf8proc_ssize_t>(decomposed.size()), kCompose);
  std::string out;
  for (utf8proc_ssize_t i = 0; i < n; ++i) {
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto length = utf8proc_encode_char(decomposed[static_cast<std::size_t>(i)], bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
  }
  return out;
}

}  // namespace penfield::tokens
