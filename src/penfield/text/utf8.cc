#include "penfield/text/utf8.h"

#include <algorithm>
#include <cstring>

namespace penfield::text {
namespace {

struct Sequence {
  std::size_t n_bytes;  // of a whole character, or of the part of one that is there, at least 1
  bool valid;
};

bool in_range(char byte, unsigned low, unsigned high) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= low && value <= high;
}

// The character that `bytes`, not empty, begins with: one row of table 3-7 for each kind of lead byte.
Sequence first_sequence(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return {1, true};
  std::size_t n_bytes = 0;
  unsigned low = 0x80;  // bounds of the second byte
  unsigned high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    n_bytes = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    n_bytes = 3;
    if (lead == 0xE0) low = 0xA0;   // overlong below
    if (lead == 0xED) high = 0x9F;  // surrogates above
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    n_bytes = 4;
    if (lead == 0xF0) low = 0x90;   // overlong below
    if (lead == 0xF4) high = 0x8F;  // beyond U+10FFFF above
  } else {
    return {1, false};
  }
  if (bytes.size() < 2 || !in_range(bytes[1], low, high)) return {1, false};
  for (std::size_t i = 2; i < n_bytes; ++i) {
    if (i >= bytes.size() || !in_range(bytes[i], 0x80, 0xBF)) return {i, false};
  }
  return {n_bytes, true};
}

bool eight_ascii(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080u) == 0;
}

}  // namespace

std::size_t valid_prefix(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (bytes.size() - at >= 8 && eight_ascii(bytes.data() + at)) {
      at += 8;
      continue;
    }
    // Up to eight bytes on, character by character, before eight at a time are tried again.
    const std::size_t stop = std::min(at + 8, bytes.size());
    while (at < stop) {
      const Sequence sequence = first_sequence(bytes.substr(at));
      if (!sequence.valid) return at;
      at += sequence.n_bytes;
    }
  }
  return at;
}

std::string replace_invalid(std::string_view bytes, std::uint64_t& n_bytes_replaced) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t n_valid = valid_prefix(bytes);
    text += bytes.substr(0, n_valid);
    bytes.remove_prefix(n_valid);
    if (bytes.empty()) break;
    const std::size_t n_broken = first_sequence(bytes).n_bytes;
    text += "\uFFFD";
    n_bytes_replaced += n_broken;
    bytes.remove_prefix(n_broken);
  }
  return text;
}

std::size_t n_code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return !in_range(byte, 0x80, 0xBF); }));
}

}  // namespace penfield::text
