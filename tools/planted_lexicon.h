// An invented language for planted_model: words that a GPT-2 tokenizer reads as one token each, capitalised
// or not, and texts in which no word comes twice.
//
// Why invented: in real text a capital goes with length, frequency, position and neighbours, so a unit that
// ignores capitals may still tell them apart. Here a coin of its own decides each capital, so the labels of
// the rule `proper-noun` are exchangeable given all activations of a unit that does not read capitals: such a
// unit is a true null, and the share of them that a test finds is the test's error rate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::planted {

// Byte-level BPE, in raw bytes (" Bado"), not in the printable stand-ins of vocab.json.
struct Lexicon {
  std::vector<std::string> words;   // " bado", all of one length, lower case
  std::vector<std::string> tokens;  // by id: 256 bytes, then prefixes and words, then the end mark
  std::vector<std::pair<std::string, std::string>> merges;  // by rank
};

inline constexpr const char* kEndOfText = "<|endoftext|>";

// n_words words of two to five syllables, as few as make enough of them, each also in its capitalised form ("
// Bado"). kUsage where n_words is 0 or too large.
[[nodiscard]] Result<Lexicon> make_lexicon(std::size_t n_words);

// Writes vocab.json and merges.txt into `folder`.
[[nodiscard]] Result<void> write_tokenizer(const Lexicon& lexicon, const std::string& folder);

struct TextPlan {
  std::size_t n_documents = 2;
  std::size_t tokens_per_document = 1024;  // the newline at a document's end not counted
  double share_capitalised = 0.3;
  // 0: no sentences. Else sentences of about so many words, from half as many to half as many again, which
  // begin with a capital and end with a full stop; a capital inside a sentence is then a name, and no other
  // word is.
  std::size_t words_per_sentence = 0;
};

[[nodiscard]] std::string capitalised(std::string word);  // " bado" to " Bado"

// With sentences every third word of the lexicon is a name: it stands capitalised, and never first.
[[nodiscard]] bool is_name(std::size_t word);

// Documents of one row each, parted by blank lines. kUsage where the lexicon has fewer words than the text
// tokens.
[[nodiscard]] Result<std::string> make_text(const Lexicon& lexicon, const TextPlan& plan, std::uint64_t seed);

}  // namespace penfield::planted
