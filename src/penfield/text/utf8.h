// UTF-8, strictly: Unicode 15.0, table 3-7 (no overlong form, no surrogate, nothing above U+10FFFF).
//
// utf8proc_iterate makes the same check, but one call a character is too slow for a whole corpus; here ASCII
// is checked eight bytes at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace penfield::text {

// The length of the longest prefix that is valid: bytes.size(), or the offset of the first byte of a broken
// character.
[[nodiscard]] std::size_t valid_prefix(std::string_view bytes);

// Each maximal part of a broken character (Unicode 15.0, 3.9, "U+FFFD substitution of maximal subparts")
// becomes U+FFFD; n_bytes_replaced grows by the number of dropped bytes.
[[nodiscard]] std::string replace_invalid(std::string_view bytes, std::uint64_t& n_bytes_replaced);

// The number of characters of valid UTF-8.
[[nodiscard]] std::size_t n_code_points(std::string_view text);

}  // namespace penfield::text
