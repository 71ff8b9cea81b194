// The tokenizer in a GGUF file's metadata.
//
//   tokenizer.ggml.model   "gpt2": byte-level BPE by its merges; its pattern by its name, tokenizer.ggml.pre
//                          "llama": SentencePiece BPE; of two neighbours that together are a token, those of
//                          the highest score are joined first
//   token_type             1 normal, 2 unknown, 3 control (special), 4 user-defined (added), 5 unused, 6 byte
//
// The file holds no normaliser: NFC is that of the families' tokenizer.json; "▁" stands for a space, and
// before a text unless add_space_prefix is false.
//
// Source: github.com/ggml-org/llama.cpp, src/llama-vocab.cpp and gguf-py/gguf/constants.py.
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/formats/gguf/metadata.h"
#include "penfield/tokens/spec.h"

namespace penfield::tokens {

// path: the file, or any one of its shards. Errors: those of open_gguf, and of parse_gguf_tokenizer.
[[nodiscard]] Result<Spec> read_gguf_tokenizer(const std::string& path);

// kBadInput names the key: a model or a pattern that is not known, lists of different lengths, a token that
// is listed twice, a merge of unknown tokens, an id beyond the vocabulary.
[[nodiscard]] Result<Spec> parse_gguf_tokenizer(const formats::GgufMetadata& metadata);

}  // namespace penfield::tokens
