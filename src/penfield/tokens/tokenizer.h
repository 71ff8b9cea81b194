// Text -> the tokens that a model was trained on, id for id, by byte-pair encoding as the tokenizers library
// (Hugging Face) runs it.
//
//   added tokens   those of the text as given are cut out (added_tokens.h); between them:
//   normaliser     NFC, " " by "▁", … (text_step.h); then the added tokens that are looked for after it
//   splitter       pieces (splitter.h)
//   merges         in each piece, of all pairs of neighbours that may be joined the one of the lowest rank,
//                  the leftmost of equals, is joined, until there is none
//
// The pairs wait in a heap, so a piece of n bytes takes O(n log n).
// Every token keeps its place in the text as given, whatever the normaliser did.
//
// Measured on one thread (AMD EPYC, GPT-2's vocabulary): WikiText-2 at 24 MB/s, words cached; 1 MB of one
// repeated letter in 0.13 s.
//
// Source: Sennrich, Haddow & Birch 2016; Radford et al. 2019; github.com/huggingface/tokenizers 0.23.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/base/watch.h"
#include "penfield/text/document.h"
#include "penfield/tokens/spec.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::tokens {

// What one thread needs while it encodes. The words met so far are kept, since few words make up most of a
// text; the cache is emptied when it is full, so that its size is bounded (about 10 MB).
struct EncodeScratch {
  struct Symbol {
    TokenId id{};
    TokenId merged{};        // what the pair that begins here would be
    std::uint32_t next = 0;  // the symbol after it, by its first byte in the piece; the piece's size: none
    std::uint32_t previous = 0;
    MergeTable::Rank rank = MergeTable::kNoMerge;  // of the pair that begins here
  };
  struct Part {
    TokenId id{};
    std::uint32_t end = 0;  // byte of the piece after it
  };

  std::vector<Symbol> symbols;  // one a byte of the piece
  std::vector<std::uint64_t>
      waiting;              // a heap of pairs: rank << 32 | first byte; may hold pairs that are gone
  std::vector<Part> piece;  // the tokens of a piece
  std::vector<AddedTokens::Part> parts, normalized_parts;
  TextMap<std::vector<Part>> words;
  std::uint64_t n_bytes_without_token = 0;  // so far
};

// The tokens of one piece (below 4 GiB) -> scratch.piece, which is empty where no character has a token.
void merge_piece(const Spec& spec, std::string_view piece, EncodeScratch& scratch);

class Tokenizer {
 public:
  // model: a folder or a .gguf file (read_spec.h). kIo, kBadInput.
  [[nodiscard]] static Result<Tokenizer> open(const std::string& model);
  explicit Tokenizer(Spec spec);

  // Appends the tokens of `text` (UTF-8, below 4 GiB) to `ids` and, for each, the offset in the text of the
  // byte after it to `end_bytes`. The tokens cover the text without a gap: the last end is text.size(). Where
  // the vocabulary has no token for a character (and none for the unknown), its bytes belong to the token
  // before it in the piece, or else to the token after it, and are counted in `scratch`. A token that the
  // tokenizer inserted ("▁" before a text) covers no byte.
  void encode(std::string_view text, EncodeScratch& scratch, std::vector<TokenId>& ids,
              std::vector<std::uint64_t>& end_bytes, Special special = Special::kToken,
              Place place = Place::kDocumentBegin) const;

  // What a token stands for in the text that is merged; need not be whole characters. id < vocab_size().
  [[nodiscard]] std::string_view token_bytes(TokenId id) const;
  [[nodiscard]] std::size_t vocab_size() const { return spec_.token_bytes.size(); }
  [[nodiscard]] const Spec& spec() const { return spec_; }

  // True where a text may be cut between "x\n" and "y", x printable ASCII, y a letter of ASCII, and the parts
  // encoded one by one: no token and no piece reaches over that place.
  [[nodiscard]] bool can_cut_after_lines() const { return can_cut_after_lines_; }

 private:
  class Sink;
  void encode_normalized(std::string_view text, Place place, Sink& sink) const;
  void encode_pieces(std::string_view text, Sink& sink) const;

  Spec spec_;
  AddedTokens added_;             // found in the text as given
  AddedTokens added_normalized_;  // found after the normaliser
  bool can_cut_after_lines_ = false;
};

// What is encoded as one text.
enum class EncodeUnit : std::uint8_t {
  kDocuments,  // a document; "\n\n" may be one token
  kRows,       // each row of a document; its tokens are joined
};
struct EncodeOptions {
  EncodeUnit unit = EncodeUnit::kDocuments;
  Special special = Special::kToken;
};

// Words of the command line and of run.json. nullopt: no such word.
[[nodiscard]] std::string_view encode_unit_name(EncodeUnit unit);  // "documents", "rows"
[[nodiscard]] std::string_view special_name(Special special);      // "token", "text"
[[nodiscard]] std::optional<EncodeUnit> parse_encode_unit(std::string_view name);
[[nodiscard]] std::optional<Special> parse_special(std::string_view name);

// All documents. Independent of the number of threads. kBadInput: a document has a stretch of
// 256 MiB in which nothing can be cut. kInterrupted: `watch`, looked at before every piece of a document.
[[nodiscard]] Result<TokenStream> tokenize(const Tokenizer& tokenizer, const text::Corpus& corpus,
                                           const EncodeOptions& options = {}, const Watch& watch = {});

}  // namespace penfield::tokens
