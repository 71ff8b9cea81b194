// A token as people see it, on a terminal or in a page.
//
//   white space       space ·, newline ↵, tab ⇥, any other \u00A0
//   control           ␀ ␛ ␡ for U+0000–U+001F and U+007F, any other \u009B; format characters \u202E
//                     (beyond four digits \u{E0001}), so that text cannot move what stands around it
//   incomplete bytes  ‹E2›, one a byte
//   anything else     itself
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::tokens {

// One token by itself; `bytes` need not be whole UTF-8 characters.
[[nodiscard]] std::string show_token(std::string_view bytes);

// Tokens first … first + n - 1 of the stream, all of them in `document`. A character that is spread over
// several tokens is shown whole by the token in which it begins (for one that begins before `first`: by
// `first`); a token that has no character of its own left is an empty string.
[[nodiscard]] std::vector<std::string> show_tokens(const TokenStream& stream, const text::Document& document,
                                                   std::size_t first, std::size_t n);

}  // namespace penfield::tokens
