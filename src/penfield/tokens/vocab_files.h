// vocab.json and merges.txt: the files of GPT-2's byte-level BPE, with GPT-2's pattern.
//
// Added tokens are those of added_tokens.json and the special tokens that tokenizer_config.json and
// special_tokens_map.json name, where these files are there; where none of them names one, <|endoftext|>.
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

// folder: holds vocab.json and merges.txt. kIo, kBadInput.
[[nodiscard]] Result<Spec> read_vocab_files(const std::string& folder);

// Rules: those of place_tokens, ids of vocab.json alone. kBadInput names the entry.
[[nodiscard]] Result<Spec> parse_vocabulary(std::string_view text, std::string_view file_name,
                                            std::vector<AddedToken> added = {});

// Rules: a first line may begin with "#version"; every other line is two tokens with one space between, which
// together are a token; no pair stands twice. Lines may end in CR LF, and the last may be blank. kBadInput
// names the line.
[[nodiscard]] Result<void> parse_merges(std::string_view text, std::string_view file_name, Spec& spec);

}  // namespace penfield::tokens
