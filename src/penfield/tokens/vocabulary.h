// Tokens and ids, from what files list: checked, and placed in a Spec.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

// A name from a file, for an error message: quoted, on one line, not endless.
[[nodiscard]] std::string in_quotes(std::string_view name);

struct NamedToken {
  std::string name;
  TokenId id{};
  bool spelled = true;  // in the alphabet; false: its name is its text
};

// The entries of an object of names and ids ("vocab"). kBadInput: an id that is no whole number below 2^32.
[[nodiscard]] Result<std::vector<NamedToken>> read_entries(const nlohmann::json& entries,
                                                           std::string_view file_name);

// Fills in token_bytes, by_text, byte_tokens and `added` of a Spec whose alphabet is set.
// Rules: the ids of all tokens together are 0 … n-1, each once; a name has one id; in the byte alphabet, a
// name is spelled in it, or is an added token's, or is `<…>` or `[…]`, which stand for themselves; an added
// token has 1 to AddedToken::kMostBytes bytes. kBadInput names the entry.
[[nodiscard]] Result<void> place_tokens(std::vector<NamedToken> entries, std::vector<AddedToken> added,
                                        std::string_view file_name, Spec& spec);

// Merge number `rank` of a list. where: for messages, "merges.txt:3". kBadInput: one of the two, or what they
// are together, is no token, or the pair stands on an earlier line already.
[[nodiscard]] Result<void> add_merge(std::string_view left, std::string_view right, MergeTable::Rank rank,
                                     std::string_view where, Spec& spec);
// The same from "left right".
[[nodiscard]] Result<void> add_merge_line(std::string_view line, MergeTable::Rank rank,
                                          std::string_view where, Spec& spec);

}  // namespace penfield::tokens
