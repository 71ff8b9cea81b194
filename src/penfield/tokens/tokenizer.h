// Byte-level BPE as GPT-2 does it: text <-> the tokens that the model was trained on, id for id.
//
// A row is cut into pieces (pretokenizer.h); in each piece the pair of neighbours of the lowest rank is
// joined wherever it stands, from left to right, until no pair is left that may be joined. The reference
// rescans the piece for every join, which is quadratic; here the pairs wait in a heap, so a piece of n bytes
// takes O(n log n).
//
// Text that spells a special token (`<|endoftext|>`) is text: it is encoded character by character.
//
// Measured on one thread (AMD EPYC, GPT-2's vocabulary): WikiText-2 at 24 MB/s, words cached; 1 MB of one
// repeated letter in 0.13 s.
//
// Source: Sennrich, Haddow & Birch 2016; Radford et al. 2019.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"
#include "penfield/tokens/vocabulary.h"

namespace penfield::tokens {

// What one thread needs while it encodes. The words met so far are kept, since few words make up most of a
// text; the cache is emptied when it is full, so that its size is bounded (about 10 MB).
struct EncodeScratch {
  struct Symbol {
    TokenId id{};
    std::uint32_t next = 0;  // the symbol after it, by its first byte in the piece; the piece's size: none
    std::uint32_t previous = 0;
    MergeTable::Rank rank = MergeTable::kNoMerge;  // of the pair that begins here
  };
  struct WordHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
  };

  std::vector<Symbol> symbols;  // one a byte of the piece
  std::vector<std::uint64_t>
      waiting;  // a heap of pairs: rank << 32 | first byte; may hold pairs that are gone
  std::vector<std::uint32_t> changed;  // symbols whose pair is to be looked up after the pass
  std::unordered_map<std::string, std::vector<TokenId>, WordHash, std::equal_to<>> words;
};

class Tokenizer {
 public:
  // folder: holds vocab.json and merges.txt, under the rules of vocabulary.h. kIo, kBadInput.
  [[nodiscard]] static Result<Tokenizer> open(const std::string& folder);
  Tokenizer(Vocabulary vocabulary, MergeTable merges);

  // Appends the tokens of `row` (UTF-8, below 4 GiB) to `ids` and, for each, the offset in the row of the
  // byte after it to `end_bytes`. The tokens cover the row without gap: the last end is row.size().
  void encode(std::string_view row, EncodeScratch& scratch, std::vector<TokenId>& ids,
              std::vector<std::uint64_t>& end_bytes) const;
  void encode(std::string_view row, std::vector<TokenId>& ids, std::vector<std::uint64_t>& end_bytes) const;

  // What a token stands for; need not be whole UTF-8 characters. id < vocab_size().
  [[nodiscard]] std::string_view token_bytes(TokenId id) const;
  [[nodiscard]] std::size_t vocab_size() const { return vocabulary_.token_bytes.size(); }

 private:
  void encode_piece(std::string_view piece, EncodeScratch& scratch, std::vector<TokenId>& ids) const;
  void merge_piece(std::string_view piece, EncodeScratch& scratch, std::vector<TokenId>& ids) const;

  Vocabulary vocabulary_;
  MergeTable merges_;
};

// All documents, row by row; the rows of a document are joined. Independent of the number of threads.
[[nodiscard]] TokenStream tokenize(const Tokenizer& tokenizer, const text::Corpus& corpus);

}  // namespace penfield::tokens
