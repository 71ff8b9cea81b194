// The field of a table that holds a token's text.
//
// pandas takes "NA", "null" and the like for no value, in quotes too. A token of such a text is written with
// its first byte as a number, as incomplete bytes are shown: NA is ‹4E›A.
#pragma once

#include <string>
#include <string_view>

namespace penfield::store {

// `token` as tokens::show_token gives it.
[[nodiscard]] std::string token_field(std::string_view token);
// The inverse.
[[nodiscard]] std::string token_of_field(std::string_view field);

}  // namespace penfield::store
