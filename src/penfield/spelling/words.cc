#include "penfield/spelling/words.h"

#include <cstddef>

#include "penfield/spelling/characters.h"

namespace penfield::spelling {
namespace {

bool is_apostrophe(char32_t c) {
  return c == U'\'' || c == U'\u2019';
}
bool is_joiner(char32_t c) {
  return is_apostrophe(c) || c == U'-' || c == U'\u2010' || c == U'\u2011';
}

// The end of the letters, marks and numbers that begin at `at`.
std::size_t end_of_parts(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Character c = first_character(text.substr(at));
    if (!is_word_part(c.code_point)) break;
    at += c.n_bytes;
  }
  return at;
}

// The word that begins at `begin`, where a word part stands.
Word word_at(std::string_view text, std::size_t begin) {
  std::size_t end = end_of_parts(text, begin);
  std::size_t stem_end = end;
  while (end < text.size()) {
    const Character joiner = first_character(text.substr(end));
    if (!is_joiner(joiner.code_point)) break;
    const std::size_t next = end + joiner.n_bytes;
    const std::size_t next_end = end_of_parts(text, next);
    if (next_end == next) break;
    const std::string_view part = text.substr(next, next_end - next);
    stem_end = is_apostrophe(joiner.code_point) && (part == "s" || part == "S") ? end : next_end;
    end = next_end;
  }
  return {.whole = {.begin_bytes = begin, .end_bytes = end}, .stem_end_bytes = stem_end};
}

// The last character of `text`, which is not empty; U+FFFD where it is not whole.
Character last_character(std::string_view text) {
  std::size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4 && continues_a_character(text[begin])) --begin;
  const Character last = first_character(text.substr(begin));
  return last.n_bytes == text.size() - begin ? last : Character{.code_point = kReplacement, .n_bytes = 1};
}

}  // namespace

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = first_character(text.substr(at));
    if (!is_word_part(c.code_point)) {
      at += c.n_bytes;
      continue;
    }
    words.push_back(word_at(text, at));
    at = words.back().whole.end_bytes;
  }
  return words;
}

bool begins_sentence(std::string_view text, std::uint64_t at) {
  std::string_view before = text.substr(0, at);
  while (!before.empty()) {
    const Character c = last_character(before);
    if (is_line_break(c.code_point)) return true;
    if (!is_white_space(c.code_point))
      return std::string_view(".?!").find(before.back()) != std::string_view::npos;
    before.remove_suffix(c.n_bytes);
  }
  return true;
}

}  // namespace penfield::spelling
