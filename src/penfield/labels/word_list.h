// Lists of words to look for in a text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/spelling/words.h"

namespace penfield::labels {

// Words to look for, folded (spelling/characters.h).
class WordList {
 public:
  // "Paris,London": separated by commas, spaces around a word ignored. kUsage names what is not one word.
  [[nodiscard]] static Result<WordList> parse(std::string_view list);
  // One word a line; empty lines are skipped; CRLF and a byte-order mark are accepted. kBadInput names the
  // line; kIo: cannot be read.
  [[nodiscard]] static Result<WordList> read(const std::string& path);

  // Every word of `text` that is in the list, with or without a final 's ("Paris" in
  // "Paris's").
  [[nodiscard]] std::vector<spelling::Span> find_in(std::string_view text) const;

  [[nodiscard]] const std::vector<std::string>& folded() const { return folded_; }  // sorted, each once

 private:
  explicit WordList(std::vector<std::string> folded);
  std::vector<std::string> folded_;
};

}  // namespace penfield::labels
