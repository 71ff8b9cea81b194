#include "penfield/labels/target_words.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "penfield/base/check.h"
#include "penfield/spelling/characters.h"
#include "penfield/spelling/words.h"

namespace penfield::labels {
namespace {

using WordCounts = std::map<std::string_view, std::uint64_t>;

// The use of a word that the token begin … end belongs to; words: of its document. An empty span: none.
spelling::Span word_of_token(const std::vector<spelling::Word>& words, std::uint64_t begin,
                             std::uint64_t end) {
  const auto ends_behind = [](std::uint64_t at, const spelling::Word& word) {
    return at < word.whole.end_bytes;
  };
  const auto first = std::upper_bound(words.begin(), words.end(), begin, ends_behind);
  if (first == words.end() || first->whole.begin_bytes >= end) return {};
  const auto next = first + 1;
  const bool holds_start_of_next =
      first->whole.begin_bytes < begin && next != words.end() && next->whole.begin_bytes < end;
  const spelling::Word& word = holds_start_of_next ? *next : *first;
  return {word.whole.begin_bytes, word.stem_end_bytes};
}

// Adds the targets of one document, which are sorted.
void count_in_document(const text::Document& document, const tokens::TokenStream& stream,
                       std::span<const std::uint64_t> targets, WordCounts& counts) {
  const std::vector<spelling::Word> words = spelling::words_of(document.text);
  std::set<std::uint64_t> counted;  // first bytes of the words
  for (const std::uint64_t t : targets) {
    spelling::Span word = word_of_token(words, stream.begin_bytes[t], stream.end_bytes[t]);
    std::string_view text =
        std::string_view(document.text).substr(word.begin_bytes, word.end_bytes - word.begin_bytes);
    if (text.empty()) {
      const std::string_view token = tokens::token_bytes(stream, document, t);
      text = spelling::strip(token).text;
      if (text.empty()) text = token;
      word.begin_bytes = stream.begin_bytes[t];
    }
    if (counted.insert(word.begin_bytes).second) ++counts[text];
  }
}

}  // namespace

TargetWords count_target_words(const text::Corpus& corpus, const tokens::TokenStream& stream,
                               std::span<const std::uint64_t> targets, std::size_t n_top) {
  std::vector<std::uint64_t> sorted(targets.begin(), targets.end());
  std::sort(sorted.begin(), sorted.end());
  PENFIELD_CHECK(sorted.empty() || sorted.back() < stream.n_tokens());
  WordCounts counts;
  for (std::size_t first = 0; first < sorted.size();) {
    const std::size_t d = stream.document_of(sorted[first]);
    std::size_t end = first;
    while (end < sorted.size() && sorted[end] < stream.document_first[d + 1]) ++end;
    count_in_document(corpus.documents[d], stream, std::span(sorted).subspan(first, end - first), counts);
    first = end;
  }
  TargetWords out;
  out.n_types = counts.size();
  for (const auto& [word, n] : counts) out.top.push_back({.word = std::string(word), .n = n});
  std::stable_sort(out.top.begin(), out.top.end(),
                   [](const WordCount& a, const WordCount& b) { return a.n > b.n; });
  if (out.top.size() > n_top) out.top.resize(n_top);
  return out;
}

}  // namespace penfield::labels
