#include "penfield/labels/proper_noun.h"

#include <cstddef>
#include <string_view>

#include "penfield/labels/characters.h"

namespace penfield::labels {
namespace {

bool begins_upper_case(std::string_view stripped) {
  return !stripped.empty() && is_upper_case(first_character(stripped).code_point);
}

bool ends_in_one_of(std::string_view text, std::string_view marks) {
  return !text.empty() && marks.find(text.back()) != std::string_view::npos;
}

// previous: the token before, also where it is of another document.
bool is_study_target(std::string_view token, std::string_view previous) {
  return n_characters(token) > 2 && begins_upper_case(strip(token).text) && !ends_in_one_of(previous, ".?!:");
}

enum class Place { kNoCapital, kWithinSentence, kSentenceStart };

// first: the first token of the document.
Place place_of(const text::Document& document, const tokens::TokenStream& stream, std::size_t first,
               std::size_t t) {
  const Stripped token = strip(tokens::token_bytes(stream, document, t));
  if (!begins_upper_case(token.text)) return Place::kNoCapital;
  if (has_line_break(token.leading)) return Place::kSentenceStart;
  while (t-- > first) {
    const Stripped before = strip(tokens::token_bytes(stream, document, t));
    if (has_line_break(before.text.empty() ? before.leading : before.trailing)) return Place::kSentenceStart;
    if (before.text.empty()) continue;
    return ends_in_one_of(before.text, ".?!") ? Place::kSentenceStart : Place::kWithinSentence;
  }
  return Place::kSentenceStart;
}

// The tokens of every document whose place is `wanted`.
std::vector<Label> label_places(const text::Corpus& corpus, const tokens::TokenStream& stream, Place wanted) {
  std::vector<Label> labels(stream.n_tokens(), Label::kOther);
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    const std::size_t first = stream.document_first[d];
    for (std::size_t t = first; t < stream.document_first[d + 1]; ++t) {
      if (place_of(corpus.documents[d], stream, first, t) == wanted) labels[t] = Label::kTarget;
    }
  }
  return labels;
}

}  // namespace

std::vector<Label> label_proper_nouns(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                      ProperNounRule rule) {
  if (rule == ProperNounRule::kSound) return label_places(corpus, stream, Place::kWithinSentence);
  std::vector<Label> labels(stream.n_tokens(), Label::kOther);
  std::string_view previous;
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    for (std::size_t t = stream.document_first[d]; t < stream.document_first[d + 1]; ++t) {
      const std::string_view token = tokens::token_bytes(stream, corpus.documents[d], t);
      if (t > 0 && is_study_target(token, previous)) labels[t] = Label::kTarget;
      previous = token;
    }
  }
  return labels;
}

std::vector<Label> label_sentence_initial_capitals(const text::Corpus& corpus,
                                                   const tokens::TokenStream& stream) {
  return label_places(corpus, stream, Place::kSentenceStart);
}

}  // namespace penfield::labels
