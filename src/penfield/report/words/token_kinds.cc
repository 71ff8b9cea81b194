#include "penfield/report/words/token_kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "penfield/base/check.h"
#include "penfield/report/words/words.h"
#include "penfield/spelling/characters.h"
#include "penfield/spelling/words.h"

namespace penfield::report {
namespace {

using store::WindowToken;

constexpr std::size_t kStrongest = 100;

// What a count of tokens of a kind is called: behind 1, and behind other numbers.
struct KindWords {
  std::string_view one, several;
};
constexpr std::array<KindWords, kTokenKinds> kKindWords = {{
    {"is a target", "are targets"},
    {"is a further piece of a target word", "are further pieces of target words"},
    {"begins a sentence", "begin a sentence"},
    {"is another capital", "are other capitals"},
    {"is punctuation", "are punctuation"},
    {"is a number", "are numbers"},
    {"continues a word", "continue a word"},
    {"is another word", "are other words"},
}};

// The bytes of the text that a shown token stands for (tokens/show_token.h). Other white space and format
// characters are shown by their numbers, and become a space.
std::string text_of(std::string_view shown) {
  constexpr std::array<std::pair<std::string_view, char>, 3> kShown = {
      {{"·", ' '}, {"↵", '\n'}, {"⇥", '\t'}}};
  std::string out;
  while (!shown.empty()) {
    const auto* const sign = std::find_if(kShown.begin(), kShown.end(),
                                          [&](const auto& one) { return shown.starts_with(one.first); });
    if (sign != kShown.end()) {
      out += sign->second;
      shown.remove_prefix(sign->first.size());
    } else if (shown.starts_with("\\u")) {
      out += ' ';
      const std::size_t last = shown.starts_with("\\u{") ? shown.find('}') : 5;
      shown.remove_prefix(last < shown.size() ? last + 1 : shown.size());
    } else {
      out += shown.front();
      shown.remove_prefix(1);
    }
  }
  return out;
}

// What the characters of a token say of it, wherever it stands.
TokenKind kind_by_characters(std::string_view text) {
  bool has_part = false;
  while (!text.empty()) {
    const spelling::Character c = spelling::first_character(text);
    text.remove_prefix(c.n_bytes);
    has_part = has_part || spelling::is_word_part(c.code_point);
    if (!spelling::is_letter(c.code_point)) continue;
    return spelling::is_upper_case(c.code_point) ? TokenKind::kCapital : TokenKind::kWord;
  }
  return has_part ? TokenKind::kNumber : TokenKind::kPunctuation;
}

// The tokens of one document in one window, and the text that they are.
struct Passage {
  std::span<const WindowToken> tokens;
  std::string text;
  std::vector<std::size_t> end_bytes;  // [tokens]
};

Passage read_passage(std::span<const WindowToken> tokens) {
  Passage out;
  std::size_t n = 0;
  while (n < tokens.size() && tokens[n].split == tokens[0].split && tokens[n].window == tokens[0].window &&
         tokens[n].document == tokens[0].document) {
    out.text += text_of(tokens[n++].token);
    out.end_bytes.push_back(out.text.size());
  }
  out.tokens = tokens.first(n);
  return out;
}

void judge_passage(const Passage& passage, std::span<std::optional<TokenKind>> kinds) {
  const std::size_t n = passage.tokens.size();
  std::vector<bool> begins_word(n), begins_sentence(n), of_target_word(n);
  std::size_t t = 0;  // the first token that ends behind the word's beginning
  for (const spelling::Word& word : spelling::words_of(passage.text)) {
    while (passage.end_bytes[t] <= word.whole.begin_bytes) ++t;
    begins_word[t] = true;
    begins_sentence[t] =
        begins_sentence[t] || spelling::begins_sentence(passage.text, word.whole.begin_bytes);
    std::size_t end = t + 1;
    while (passage.end_bytes[end - 1] < word.stem_end_bytes) ++end;
    const auto own = passage.tokens.subspan(t, end - t);
    if (std::any_of(own.begin(), own.end(), [](const WindowToken& token) { return token.is_target; }))
      std::fill(of_target_word.begin() + static_cast<std::ptrdiff_t>(t),
                of_target_word.begin() + static_cast<std::ptrdiff_t>(end), true);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t begin = i == 0 ? 0 : passage.end_bytes[i - 1];
    if (begin == passage.end_bytes[i]) continue;
    const TokenKind kind =
        kind_by_characters(std::string_view(passage.text).substr(begin, passage.end_bytes[i] - begin));
    const bool is_word = kind == TokenKind::kWord && !begins_word[i];
    kinds[i] = passage.tokens[i].is_target ? TokenKind::kTarget
               : of_target_word[i]         ? TokenKind::kTargetPiece
               : begins_sentence[i]        ? TokenKind::kSentenceInitial
               : is_word                   ? TokenKind::kContinuation
                                           : kind;
  }
}

// The tokens that can be among the strongest, the strongest first.
std::vector<std::size_t> ranked_tokens(std::span<const WindowToken> tokens, std::span<const float> values,
                                       int direction) {
  std::vector<std::size_t> out;
  for (std::size_t t = 0; t < values.size(); ++t) {
    if (tokens[t].position != 0 && !tokens[t].token.empty() && std::isfinite(values[t])) out.push_back(t);
  }
  std::stable_sort(out.begin(), out.end(), [&](std::size_t a, std::size_t b) {
    return direction < 0 ? values[a] < values[b] : values[a] > values[b];
  });
  return out;
}

std::string counts_phrase(const std::array<std::size_t, kTokenKinds>& counts) {
  std::vector<std::string> said;
  for (std::size_t k = 0; k < kTokenKinds; ++k) {
    if (counts[k] == 0) continue;
    said.push_back(fmt::format("{} {}", count_text(counts[k]),
                               counts[k] == 1 ? kKindWords[k].one : kKindWords[k].several));
  }
  std::string out;
  for (std::size_t i = 0; i < said.size(); ++i)
    out += (i == 0 ? "" : i + 1 == said.size() ? " and " : ", ") + said[i];
  return out;
}

}  // namespace

std::vector<std::optional<TokenKind>> token_kinds(std::span<const WindowToken> tokens) {
  std::vector<std::optional<TokenKind>> out(tokens.size());
  for (std::size_t first = 0; first < tokens.size();) {
    const Passage passage = read_passage(tokens.subspan(first));
    judge_passage(passage, std::span(out).subspan(first, passage.tokens.size()));
    first += passage.tokens.size();
  }
  return out;
}

std::string tally_sentence(std::span<const WindowToken> tokens, std::span<const float> values,
                           int direction) {
  PENFIELD_CHECK(values.empty() || values.size() == tokens.size());
  const std::vector<std::size_t> ranked = ranked_tokens(tokens, values, direction);
  const std::size_t n = std::min(kStrongest, ranked.size() / 10);
  if (n == 0) return "";
  const std::vector<std::optional<TokenKind>> kinds = token_kinds(tokens);
  std::array<std::size_t, kTokenKinds> counts{};
  std::size_t n_targets = 0;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const TokenKind kind = kinds[ranked[i]].value_or(TokenKind::kPunctuation);
    n_targets += kind == TokenKind::kTarget ? 1 : 0;
    if (i < n) ++counts.at(static_cast<std::size_t>(kind));
  }
  const double share = static_cast<double>(n_targets) / static_cast<double>(ranked.size());
  return fmt::format("Of its {} {} {}, {}; {} of all {} tokens are targets.", count_text(n),
                     direction < 0 ? "weakest" : "strongest", n == 1 ? "token" : "tokens",
                     counts_phrase(counts), percent_text(share), count_text(ranked.size()));
}

}  // namespace penfield::report
