// GPT-2 writes a token's bytes with 256 printable characters, one a byte ("byte alphabet"): the printable
// ones of Latin-1 stand for themselves, the other bytes, in order, for U+0100, U+0101, …; so a space is "Ġ"
// and a newline "Ċ".
//
// Source: Radford et al. 2019, `bytes_to_unicode` of the published encoder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace penfield::tokens {

// The bytes that `name` spells in the byte alphabet; nullopt where a character is not of it.
[[nodiscard]] std::optional<std::string> spelled_bytes(std::string_view name);

}  // namespace penfield::tokens
