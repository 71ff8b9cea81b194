#include "penfield/labels/proper_noun.h"

#include <cstddef>
#include <string_view>

#include "penfield/base/check.h"
#include "penfield/spelling/characters.h"
#include "penfield/spelling/words.h"

namespace penfield::labels {
namespace {

using spelling::first_character;
using spelling::is_upper_case;
using spelling::n_characters;
using spelling::strip;

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

// "I", also before an apostrophe: "I'm", "I’ll". Not "I-95", nor "II".
bool is_pronoun_i(std::string_view word) {
  if (!word.starts_with('I')) return false;
  word.remove_prefix(1);
  return word.empty() || word.starts_with('\'') || word.starts_with("\u2019");
}

// Marks every word of the corpus, without a final 's, that begins upper-case and that `wanted` accepts:
// wanted(text, word) -> bool.
template <class Wanted>
std::vector<Label> label_capitals_if(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                     Pieces pieces, const Wanted& wanted) {
  std::vector<Label> labels(stream.n_tokens(), Label::kOther);
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    const std::string_view text = corpus.documents[d].text;
    for (const spelling::Word& word : spelling::words_of(text)) {
      const spelling::Span stem = {word.whole.begin_bytes, word.stem_end_bytes};
      if (!begins_upper_case(text.substr(stem.begin_bytes)) || !wanted(text, word)) continue;
      mark_word(stream, d, stem, pieces, labels);
    }
  }
  return labels;
}

// The two halves of the capitals by the place in the sentence; "I" is in neither.
std::vector<Label> label_by_place(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                  Pieces pieces, bool sentence_initial) {
  return label_capitals_if(corpus, stream, pieces, [&](std::string_view text, const spelling::Word& word) {
    const auto [begin, end] = word.whole;
    return !is_pronoun_i(text.substr(begin, end - begin)) &&
           spelling::begins_sentence(text, begin) == sentence_initial;
  });
}

std::vector<Label> label_by_study(const text::Corpus& corpus, const tokens::TokenStream& stream) {
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

}  // namespace

std::vector<Label> label_proper_nouns(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                      ProperNounRule rule, Pieces pieces) {
  switch (rule) {
    case ProperNounRule::kSound:
      return label_by_place(corpus, stream, pieces, false);
    case ProperNounRule::kStudy:
      return label_by_study(corpus, stream);
  }
  PENFIELD_CHECK(false);
}

std::vector<Label> label_sentence_initial_capitals(const text::Corpus& corpus,
                                                   const tokens::TokenStream& stream, Pieces pieces) {
  return label_by_place(corpus, stream, pieces, true);
}

std::vector<Label> label_capitals(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                  Pieces pieces) {
  return label_capitals_if(corpus, stream, pieces,
                           [](std::string_view, const spelling::Word&) { return true; });
}

}  // namespace penfield::labels
