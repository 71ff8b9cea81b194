// The words of a text, and lists of words to look for in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/labels/pieces.h"

namespace penfield::labels {

// A word: a run of letters, marks and numbers, which may contain single apostrophes or hyphens ("don't",
// "well-known", "O’Neill", "1990s"). Quotation marks around a word are not part of it.
struct Word {
  Span whole;
  std::uint64_t stem_end_bytes = 0;  // before a final 's; else the end of the word
};

[[nodiscard]] std::vector<Word> words_of(std::string_view text);

// Words to look for, folded (characters.h).
class WordList {
 public:
  // "Paris,London": separated by commas, spaces around a word ignored. kUsage names what is not one word.
  [[nodiscard]] static Result<WordList> parse(std::string_view list);
  // One word a line; empty lines are skipped; CRLF and a byte-order mark are accepted. kBadInput names the
  // line; kIo: cannot be read.
  [[nodiscard]] static Result<WordList> read(const std::string& path);

  // Every word of `text` that is in the list, with or without a final 's ("Paris" in
  // "Paris's").
  [[nodiscard]] std::vector<Span> find_in(std::string_view text) const;

  [[nodiscard]] const std::vector<std::string>& folded() const { return folded_; }  // sorted, each once

 private:
  explicit WordList(std::vector<std::string> folded);
  std::vector<std::string> folded_;
};

}  // namespace penfield::labels
