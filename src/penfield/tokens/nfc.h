// Unicode's canonical composition (NFC), in pieces that do not influence one another.
//
// utf8proc composes a whole text and keeps no offsets, and its ordering of marks is quadratic in their
// number; so a text is cut into a base character with what may combine with it, and marks are ordered here.
// Source: Unicode Standard Annex 15.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace penfield::tokens {

// True where no character is U+0300 or above: such a text is composed. False says nothing.
[[nodiscard]] bool is_surely_nfc(std::string_view text);

// The byte after the segment that begins at `begin` < text.size(): a character and the marks and Hangul
// letters after it, with which alone it can combine. A byte that belongs to no character is a segment.
[[nodiscard]] std::size_t nfc_segment_end(std::string_view text, std::size_t begin);

// The composed form of UTF-8; what is no UTF-8 comes back as it is. O(n log n).
[[nodiscard]] std::string nfc(std::string_view text);

}  // namespace penfield::tokens
