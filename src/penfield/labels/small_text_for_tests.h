// Small texts written token by token. For tests only.
#pragma once

#include <string>
#include <vector>

#include "penfield/labels/label_track.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

struct SmallText {
  text::Corpus corpus;
  tokens::TokenStream stream;
};

// One document for each list of tokens; its text is the tokens joined.
inline SmallText small_text(const std::vector<std::vector<std::string>>& documents) {
  SmallText out;
  out.stream.document_first = {0};
  for (const std::vector<std::string>& tokens : documents) {
    text::Document document;
    for (const std::string& token : tokens) {
      out.stream.ids.push_back(TokenId{static_cast<std::uint32_t>(out.stream.ids.size())});
      out.stream.begin_bytes.push_back(document.text.size());
      document.text += token;
      out.stream.end_bytes.push_back(document.text.size());
    }
    document.row_end_bytes = {document.text.size()};
    out.stream.document_first.push_back(out.stream.ids.size());
    out.corpus.documents.push_back(std::move(document));
  }
  return out;
}

// The labels of a stream as one character each: T target, x excluded, . other.
inline std::string drawn(const std::vector<Label>& labels) {
  std::string out;
  for (const Label label : labels)
    out += label == Label::kTarget ? 'T' : label == Label::kExcluded ? 'x' : '.';
  return out;
}

}  // namespace penfield::labels
