// What a tokenizer's files say, whatever their format: the input of Tokenizer.
//
//   tokenizer.json              tokenizer_json.h
//   vocab.json and merges.txt   vocab_files.h
//   a .gguf file                gguf_spec.h
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "penfield/base/unit.h"
#include "penfield/tokens/added_tokens.h"
#include "penfield/tokens/merge_table.h"
#include "penfield/tokens/splitter.h"
#include "penfield/tokens/text_step.h"

namespace penfield::tokens {

// What merging begins with.
enum class Alphabet : std::uint8_t {
  kBytes,  // single bytes ("byte-level BPE": GPT-2, Llama 3, Qwen); names are in byte_alphabet.h's letters
  kCharacters,  // characters (SentencePiece: Llama 2, Gemma); one without a token is the tokens of its bytes
};

// Looks a std::string_view up without making a string of it.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

struct Spec {
  Alphabet alphabet = Alphabet::kBytes;
  std::vector<std::string> token_bytes;  // [n_tokens] what each token stands for in the text that is merged
  TextMap<TokenId> by_text;              // the tokens that merging can make; kCharacters: by name
  std::array<std::optional<TokenId>, 256> byte_tokens{};  // kCharacters: those of byte fallback, <0x0A>
  std::optional<TokenId> unknown;                         // for a character that has no token
  bool fuse_unknown = false;                              // one unknown token for a run of such characters
  MergeTable merges;
  bool whole_pieces = false;  // a piece that is a token is not merged ("ignore_merges": Llama 3)

  std::vector<AddedToken> added;
  std::vector<TextStep> normalizer;
  std::vector<TextStep> before_split;  // what the pre-tokeniser does to a text: a space, or "▁", before it
  bool isolate_digits = false;
  Splitter splitter = Splitter::kNone;

  std::optional<TokenId> bos;  // beginning of a sequence
  bool adds_bos = false;       // whether the model was trained to see it first
};

}  // namespace penfield::tokens
