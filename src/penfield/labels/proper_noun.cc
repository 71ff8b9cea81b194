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

bool is_sound_target(const text::Document& document, const tokens::TokenStream& stream, std::size_t first,
                     std::size_t t) {
  const Stripped token = strip(tokens::token_bytes(stream, document, t));
  if (!begins_upper_case(token.text) || has_line_break(token.leading)) return false;
  while (t-- > first) {
    const Stripped before = strip(tokens::token_bytes(stream, document, t));
    if (has_line_break(before.text.empty() ? before.leading : before.trailing)) return false;
    if (!before.text.empty()) return !ends_in_one_of(before.text, ".?!");
  }
  return false;
}

}  // namespace

std::vector<Label> label_proper_nouns(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                      ProperNounRule rule) {
  std::vector<Label> labels(stream.n_tokens(), Label::kOther);
  std::string_view previous;
  for (std::size_t d = 0; d < stream.n_documents(); ++d) {
    const text::Document& document = corpus.documents[d];
    const std::size_t first = stream.document_first[d];
    for (std::size_t t = first; t < stream.document_first[d + 1]; ++t) {
      const std::string_view token = tokens::token_bytes(stream, document, t);
      const bool is_target = rule == ProperNounRule::kStudy ? t > 0 && is_study_target(token, previous)
                                                            : is_sound_target(document, stream, first, t);
      if (is_target) labels[t] = Label::kTarget;
      previous = token;
    }
  }
  return labels;
}

}  // namespace penfield::labels
