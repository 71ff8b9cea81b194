#include "penfield/labels/word_list.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "penfield/formats/mapped_file.h"
#include "penfield/formats/message_text.h"
#include "penfield/spelling/characters.h"

namespace penfield::labels {
namespace {

using spelling::fold;
using spelling::Span;
using spelling::Word;
using spelling::words_of;

std::string_view trim(std::string_view text) {
  return spelling::strip(text).text;
}

std::optional<std::string> folded_word(std::string_view text) {
  const std::vector<Word> words = words_of(text);
  const bool is_one =
      words.size() == 1 && words[0].whole.begin_bytes == 0 && words[0].whole.end_bytes == text.size();
  return is_one ? std::optional(fold(text)) : std::nullopt;
}

}  // namespace

WordList::WordList(std::vector<std::string> folded) : folded_(std::move(folded)) {
  std::sort(folded_.begin(), folded_.end());
  folded_.erase(std::unique(folded_.begin(), folded_.end()), folded_.end());
}

Result<WordList> WordList::parse(std::string_view list) {
  std::vector<std::string> folded;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view entry = trim(list.substr(begin, end - begin));
    auto word = folded_word(entry);
    if (!word) {
      return usage_error(
          "concept words:{}: '{}' is not one word (letters, digits, and ' or - within): write "
          "words:paris,london, or "
          "words:./FILE with one word per line",
          list, entry);
    }
    folded.push_back(*std::move(word));
    begin = end + 1;
  }
  return WordList(std::move(folded));
}

Result<WordList> WordList::read(const std::string& path) {
  PENFIELD_TRY(const auto file, formats::MappedFile::open(path));
  std::string_view rest = file.text();
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> folded;
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::string_view row = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), row.size() + 1));
    const std::string_view entry = trim(row);
    if (entry.empty()) continue;
    auto word = folded_word(entry);
    if (!word) {
      return bad_input(
          "{}:{}: '{}' is not one word (letters, digits, and ' or - within): put one word on a line", path,
          line, formats::message_text(entry));
    }
    folded.push_back(*std::move(word));
  }
  if (folded.empty()) return bad_input("{}: the word list is empty: put one word on a line", path);
  return WordList(std::move(folded));
}

std::vector<Span> WordList::find_in(std::string_view text) const {
  const auto has = [&](std::uint64_t begin, std::uint64_t end) {
    return std::binary_search(folded_.begin(), folded_.end(), fold(text.substr(begin, end - begin)));
  };
  std::vector<Span> found;
  for (const Word& word : words_of(text)) {
    const auto [begin, end] = word.whole;
    if (has(begin, end)) {
      found.push_back({begin, end});
    } else if (word.stem_end_bytes != end && has(begin, word.stem_end_bytes)) {
      found.push_back({begin, word.stem_end_bytes});
    }
  }
  return found;
}

}  // namespace penfield::labels
