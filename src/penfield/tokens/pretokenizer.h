// Cuts a row into the pieces inside which byte pairs may be merged: GPT-2's pattern
//
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// read by hand over utf8proc's categories, in time linear in the row (a regex engine backtracks, and
// std::regex overflows the stack on long rows). \s is Unicode's White_Space, as in the regex engine of the
// original encoder, so U+001C–U+001F are not white space and U+0085 is. Every code point's class is held
// against that engine's by tokens_golden_test.cc.
//
// Source: Radford et al. 2019.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace penfield::tokens {

enum class CharClass : std::uint8_t { kLetter, kNumber, kSpace, kOther };

// The class of a code point, by the Unicode version of utf8proc (15.0 in Debian 12). An unassigned one is
// kOther.
[[nodiscard]] CharClass char_class(char32_t code_point);

// The byte after the piece that begins at `begin` < row.size(). The pattern looks ahead, never back, so a row
// is cut by calling this from 0 on. A byte that belongs to no UTF-8 character counts as a character of
// kOther.
[[nodiscard]] std::size_t piece_end(std::string_view row, std::size_t begin);

}  // namespace penfield::tokens
