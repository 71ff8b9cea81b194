#include "penfield/tokens/splitter.h"

#include <array>

#include "penfield/base/check.h"
#include "penfield/tokens/char_class.h"

namespace penfield::tokens {
namespace {

struct Pattern {
  std::string_view regex;
  Splitter splitter;
};

// As written in tokenizer.json and, with cases spelled out, by llama.cpp.
constexpr std::array kPatterns = {
    Pattern{R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", Splitter::kGpt2},
    Pattern{R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
            R"(|\s*[\r\n]+|\s+(?!\S)|\s+)",
            Splitter::kLlama3},
    Pattern{R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
            R"(|\s*[\r\n]+|\s+(?!\S)|\s+)",
            Splitter::kQwen2},
};

constexpr std::array<std::string_view, 7> kContractions = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};

// Bytes of the contraction that `text` begins with, 0 if none.
std::size_t contraction_length(std::string_view text) {
  for (const std::string_view contraction : kContractions) {
    if (text.starts_with(contraction)) return contraction.size();
  }
  return 0;
}

// The same in any case. The long s (U+017F) is an s in another case.
std::size_t any_case_contraction_length(std::string_view text) {
  constexpr std::string_view kLongS = "\u017F";
  if (text.substr(1).starts_with(kLongS)) return 1 + kLongS.size();
  const auto same = [](char letter, char c) {
    return letter == c || (c >= 'A' && c <= 'Z' && letter == c + 32);
  };
  for (const std::string_view contraction : kContractions) {
    if (text.size() < contraction.size()) continue;
    std::size_t n = 1;
    while (n < contraction.size() && same(contraction[n], text[n])) ++n;
    if (n == contraction.size()) return n;
  }
  return 0;
}

// \s+(?!\S)|\s+ : white space up to the end of the text; else all but the last character of the run, which is
// left to the next piece; a run of one character is a piece.
std::size_t space_end(std::string_view text, std::size_t begin) {
  std::size_t last_begin = begin;
  std::size_t end = begin;
  while (end < text.size()) {
    const Character next = character_at(text, end);
    if (next.char_class != CharClass::kSpace) return last_begin > begin ? last_begin : end;
    last_begin = end;
    end = next.end;
  }
  return end;
}

// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// Source: Radford et al. 2019.
std::size_t gpt2_end(std::string_view text, std::size_t begin) {
  if (text[begin] == '\'') {
    const std::size_t n_bytes = contraction_length(text.substr(begin));
    if (n_bytes > 0) return begin + n_bytes;
  }
  const std::size_t word_begin = text[begin] == ' ' && begin + 1 < text.size() ? begin + 1 : begin;
  const Character first = character_at(text, word_begin);
  if (first.char_class == CharClass::kSpace) return space_end(text, begin);
  return run_end(text, first.end, first.char_class);
}

bool is_line_end(char c) {
  return c == '\r' || c == '\n';
}

std::size_t line_ends_end(std::string_view text, std::size_t begin) {
  while (begin < text.size() && is_line_end(text[begin])) ++begin;
  return begin;
}

// \s*[\r\n]+|\s+(?!\S)|\s+ : white space up to its last line end, if it has one; else as space_end.
std::size_t space_or_lines_end(std::string_view text, std::size_t begin) {
  std::size_t after_line_end = begin;
  for (std::size_t at = begin; at < text.size();) {
    const Character next = character_at(text, at);
    if (next.char_class != CharClass::kSpace) break;
    if (is_line_end(text[at])) after_line_end = next.end;
    at = next.end;
  }
  return after_line_end > begin ? after_line_end : space_end(text, begin);
}

// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*
// |\s*[\r\n]+|\s+(?!\S)|\s+
// n: most_digits. Source: the pattern of tiktoken's cl100k_base.
std::size_t cl100k_end(std::string_view text, std::size_t begin, int most_digits) {
  if (text[begin] == '\'') {
    const std::size_t n_bytes = any_case_contraction_length(text.substr(begin));
    if (n_bytes > 0) return begin + n_bytes;
  }
  Character first = character_at(text, begin);
  if (first.char_class == CharClass::kLetter) return run_end(text, first.end, CharClass::kLetter);
  if (first.char_class == CharClass::kNumber) {
    for (int n = 1; n < most_digits && first.end < text.size(); ++n) {
      const Character next = character_at(text, first.end);
      if (next.char_class != CharClass::kNumber) break;
      first.end = next.end;
    }
    return first.end;
  }
  if (!is_line_end(text[begin])) {
    const std::size_t letters_end = run_end(text, first.end, CharClass::kLetter);
    if (letters_end > first.end) return letters_end;
  }
  const std::size_t marks_begin = text[begin] == ' ' ? begin + 1 : begin;
  const std::size_t marks_end = run_end(text, marks_begin, CharClass::kOther);
  if (marks_end > marks_begin) return line_ends_end(text, marks_end);
  return space_or_lines_end(text, begin);
}

std::size_t metaspace_end(std::string_view text, std::size_t begin) {
  constexpr std::string_view kMetaspace = "▁";
  const std::size_t from = text.substr(begin).starts_with(kMetaspace) ? begin + kMetaspace.size() : begin;
  const std::size_t next = text.find(kMetaspace, from);
  return next == std::string_view::npos ? text.size() : next;
}

}  // namespace

std::optional<Splitter> splitter_of_pattern(std::string_view regex) {
  for (const Pattern& pattern : kPatterns) {
    if (pattern.regex == regex) return pattern.splitter;
  }
  return std::nullopt;
}

std::size_t piece_end(Splitter splitter, std::string_view text, std::size_t begin) {
  PENFIELD_CHECK(begin < text.size());
  switch (splitter) {
    case Splitter::kNone:
      return text.size();
    case Splitter::kGpt2:
      return gpt2_end(text, begin);
    case Splitter::kLlama3:
      return cl100k_end(text, begin, 3);
    case Splitter::kQwen2:
      return cl100k_end(text, begin, 1);
    case Splitter::kMetaspace:
      return metaspace_end(text, begin);
  }
  return text.size();
}

std::size_t digits_end(std::string_view text, std::size_t begin) {
  Character next = character_at(text, begin);
  if (next.char_class == CharClass::kNumber) return next.end;
  std::size_t end = next.end;
  while (end < text.size()) {
    next = character_at(text, end);
    if (next.char_class == CharClass::kNumber) break;
    end = next.end;
  }
  return end;
}

}  // namespace penfield::tokens
