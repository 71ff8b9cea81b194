// Tokens that are found in a text before it is split: special tokens such as <|endoftext|>, and those that
// somebody added, such as GPT-NeoX's runs of spaces.
//
// At every place of the text, from left to right, the longest token that stands there is taken, as by the
// tokenizers library (its Aho-Corasick automaton of kind LeftmostLongest). The tokens are one sorted list, in
// which a byte of the text narrows the range; a token has at most kMostBytes bytes, so a hostile list costs
// no more than that many steps a byte of the text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/unit.h"

namespace penfield::tokens {

struct AddedToken {
  static constexpr std::size_t kMostBytes = 256;

  std::string content;
  TokenId id{};
  bool special = false;      // can be spelled out on request
  bool normalized = false;   // is looked for after the normaliser has run
  bool lstrip = false;       // takes the white space before it
  bool rstrip = false;       // takes the white space after it
  bool single_word = false;  // is no token inside a word
};

// What to do with special tokens that stand in a text.
enum class Special : std::uint8_t {
  kToken,  // one id each
  kText,   // spelled out, as any other text
};

class AddedTokens {
 public:
  // A token in a text, or the text between two tokens. Empty where the token stands in
  // white space that the one before took.
  struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    const AddedToken* token = nullptr;
  };

  AddedTokens() = default;
  // tokens: each content of 1 to kMostBytes bytes. Of equal contents the first is taken.
  explicit AddedTokens(std::vector<AddedToken> tokens);

  [[nodiscard]] bool empty() const { return tokens_.empty(); }
  // Appends the parts of `text`, which cover it without a gap.
  void split(std::string_view text, Special special, std::vector<Part>& parts) const;

 private:
  [[nodiscard]] const AddedToken* longest_at(std::string_view text, std::size_t begin) const;

  std::vector<AddedToken> tokens_;  // sorted by content
  std::array<std::uint32_t, 257>
      first_of_{};  // tokens that begin with byte b: first_of_[b] … first_of_[b + 1] - 1
};

}  // namespace penfield::tokens
