// vocab.json and merges.txt: bytes of a folder -> tokens and merges, checked.
//
// GPT-2 writes a token's bytes with 256 printable characters, one a byte ("byte alphabet"): the printable
// ones of Latin-1 stand for themselves, the other bytes, in order, for U+0100, U+0101, …; so a space is "Ġ"
// and a newline "Ċ".
//
// Source: Radford et al. 2019, `bytes_to_unicode` of the published encoder.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/tokens/merge_table.h"

namespace penfield::tokens {

struct Vocabulary {
  std::vector<std::string> token_bytes;              // [n_tokens] what each token stands for
  std::unordered_map<std::string, TokenId> by_name;  // as spelled in the files
  std::array<TokenId, 256> byte_tokens{};            // the token of each single byte
};

// Rules: one JSON object; its values are 0 … n-1, each once; each key is spelled in the byte alphabet, or is
// a special token, `<…>` or `[…]`, which stands for itself; each of the 256 bytes has a token. kBadInput
// names the entry.
[[nodiscard]] Result<Vocabulary> read_vocabulary(const std::string& path);
[[nodiscard]] Result<Vocabulary> parse_vocabulary(std::string_view json, std::string_view file_name);

// Rules: a first line may begin with "#version"; every other line is two tokens with one space between, which
// together are a token; no pair stands twice. kBadInput names the line.
[[nodiscard]] Result<MergeTable> read_merges(const std::string& path, const Vocabulary& vocabulary);
[[nodiscard]] Result<MergeTable> parse_merges(std::string_view text, std::string_view file_name,
                                              const Vocabulary& vocabulary);

}  // namespace penfield::tokens
