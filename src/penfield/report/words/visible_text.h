// Text that others wrote (tokens, names, paths, warnings), made safe and visible before anything shows it.
//
// A token may hold an escape sequence that rewrites a terminal, or a bidirectional override that turns a page
// around. Everything shown passes here first: what has no ink is written as \u{1b}, bytes that are no UTF-8
// as \xff.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace penfield::report {

// `bytes` with every control, format and separator character (Unicode Cc, Cf, Zl, Zp) spelled \u{…} and every
// byte that is not part of a UTF-8 character spelled \x…. U+200C and U+200D stay: they shape letters and
// emoji and are inert. The result is valid UTF-8 without control characters; visible(visible(s)) ==
// visible(s).
[[nodiscard]] std::string visible(std::string_view bytes);

// Visible text in ASCII alone: the signs that Penfield itself writes (− × β ✓ ▲ …) in words, all others as
// \u{…}.
[[nodiscard]] std::string to_ascii(std::string_view visible_text);

// Columns that visible text takes in a terminal: 2 for wide (CJK, emoji), 0 for combining characters.
[[nodiscard]] std::size_t display_width(std::string_view visible_text);

// Bytes of the longest prefix that is at most `width` columns wide and ends before a base character; at least
// one character where there is one.
[[nodiscard]] std::size_t prefix_of_width(std::string_view visible_text, std::size_t width);

}  // namespace penfield::report
