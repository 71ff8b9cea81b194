#include "penfield/labels/proper_noun.h"

#include <cstddef>
#include <string_view>

#include "penfield/spelling/characters.h"
#include "penfield/spelling/words.h"

namespace penfield::labels {
namespace {

using spelling::first_character;
using spelling::is_upper_case;
using spelling::n_characters;
using spelling::strip;
using spelling::Stripped;

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

Place place_of(const text::Document& document, const tokens::TokenStream& stream, std::size_t t) {
  const Stripped token = strip(tokens::token_bytes(stream, document, t));
  if (!begins_upper_case(token.text)) return Place::kNoCapital;
  const std::size_t at = stream.begin_bytes[t] + token.leading.size();
  return spelling::begins_sentence(document.text, at) ? Place::kSentenceStart : Place::kWithinSentence;
}

// The tokens of every document whose place is `wanted`.
std::vector<Label> label_places(const text::Corpus& corpus, const tokens::TokenStream& stream, Place wanted) {
  std::vector<Label> labels(stream.n_tokens(), Label::kOther);
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    for (std::size_t t = stream.document_first[d]; t < stream.document_first[d + 1]; ++t) {
      if (place_of(corpus.documents[d], stream, t) == wanted) labels[t] = Label::kTarget;
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

std::vector<Label> label_capitals(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                  Pieces pieces) {
  std::vector<Label> labels(stream.n_tokens(), Label::kOther);
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    const std::string_view text = corpus.documents[d].text;
    for (const spelling::Word& word : spelling::words_of(text)) {
      const spelling::Span stem = {word.whole.begin_bytes, word.stem_end_bytes};
      if (begins_upper_case(text.substr(stem.begin_bytes))) mark_word(stream, d, stem, pieces, labels);
    }
  }
  return labels;
}

}  // namespace penfield::labels
