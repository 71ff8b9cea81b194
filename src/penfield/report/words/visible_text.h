// Makes foreign text (tokens, names, paths, warnings) safe and visible before it is displayed.
//
// A token may contain an escape sequence that rewrites a terminal, or a bidirectional override that reorders
// a page. All displayed text passes through here: invisible characters are written as \u{1b}, and bytes that
// are not UTF-8 as \xff.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace penfield::report {

// `bytes` with every control, format and separator character (Unicode Cc, Cf, Zl, Zp) written as \u{…} and
// every byte that is not part of a UTF-8 character as \x…. U+200C and U+200D are kept, because they shape
// letters and emoji and are harmless. The result is valid UTF-8 without control characters;
// visible(visible(s)) == visible(s).
[[nodiscard]] std::string visible(std::string_view bytes);

// Visible text in ASCII: the signs that Penfield itself writes (− × β ✓ ▲ …) as words, all others as
// \u{…}.
[[nodiscard]] std::string to_ascii(std::string_view visible_text);

// The number of columns of visible text in a terminal: 2 for wide (CJK, emoji), 0 for combining characters.
[[nodiscard]] std::size_t display_width(std::string_view visible_text);

// Bytes of the longest prefix that is at most `width` columns wide and ends before a base character; at least
// one character unless the text is empty.
[[nodiscard]] std::size_t prefix_of_width(std::string_view visible_text, std::size_t width);

}  // namespace penfield::report
