#include "penfield/tokens/byte_alphabet.h"

#include <utf8proc.h>

#include <array>
#include <cstdint>

namespace penfield::tokens {
namespace {

// Letters of the alphabet to byte values; index: code point. 256 characters, the last is U+0143.
constexpr std::size_t kAlphabetEnd = 0x144;

constexpr std::array<std::int16_t, kAlphabetEnd> byte_of_letter() {
  std::array<std::int16_t, kAlphabetEnd> bytes{};
  for (std::int16_t& byte : bytes) byte = -1;
  std::size_t next = 256;
  for (std::int16_t b = 0; b < 256; ++b) {
    const bool printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
    bytes[printable ? static_cast<std::size_t>(b) : next++] = b;
  }
  return bytes;
}
constexpr std::array<std::int16_t, kAlphabetEnd> kByteOfLetter = byte_of_letter();

}  // namespace

std::optional<std::string> spelled_bytes(std::string_view name) {
  std::string bytes;
  while (!name.empty()) {
    utf8proc_int32_t letter = -1;
    const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
                                    static_cast<utf8proc_ssize_t>(name.size()), &letter);
    if (n <= 0 || static_cast<std::size_t>(letter) >= kAlphabetEnd) return std::nullopt;
    const std::int16_t byte = kByteOfLetter[static_cast<std::size_t>(letter)];
    if (byte < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
    name.remove_prefix(static_cast<std::size_t>(n));
  }
  return bytes;
}

}  // namespace penfield::tokens
