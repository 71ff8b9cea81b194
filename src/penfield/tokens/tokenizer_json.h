// tokenizer.json, the file of the tokenizers library: everything a tokenizer does, by name.
//
// What is read: model BPE (vocab, merges, byte_fallback, ignore_merges, unk_token, fuse_unk); normaliser NFC,
// Replace, Prepend and Sequence; pre-tokeniser ByteLevel, Split, Digits, Metaspace and Sequence;
// post-processor TemplateProcessing, for the token that a sequence begins with. Anything else that would
// change a token is refused by its name.
//
// Source: github.com/huggingface/tokenizers 0.23, tokenizers/src.
#pragma once

#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

// folder: holds tokenizer.json, and tokenizer_config.json if there is one. kIo, kBadInput.
[[nodiscard]] Result<Spec> read_tokenizer_json(const std::string& folder);

// The file alone. kBadInput names the part.
[[nodiscard]] Result<Spec> parse_tokenizer_json(std::string_view text, std::string_view file_name);

}  // namespace penfield::tokens
