// The tokens of a corpus, in the order of the text: one array for all documents.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/unit.h"
#include "penfield/text/document.h"

namespace penfield::tokens {

// A column of a token table that came with the tokens (recorded/token_table.h): somebody's own labels.
struct LabelColumn {
  std::string name;
  std::vector<std::int8_t> values;  // [n_tokens] 1, 0, or -1: neither
  std::string why_not = {};         // not empty: the column holds something else, first of all this
};

struct TokenStream {
  std::vector<TokenId> ids;                // [n_tokens]
  std::vector<std::uint64_t> begin_bytes;  // [n_tokens] offset in the text of the token's own document
  std::vector<std::uint64_t> end_bytes;    // [n_tokens]
  std::vector<std::uint64_t>
      document_first;                       // [n_documents + 1] first token of each document; last: n_tokens
  std::uint64_t n_bytes_without_token = 0;  // of characters that the vocabulary lacks; a neighbour has them
  std::vector<LabelColumn> label_columns = {};  // in the order of the table

  [[nodiscard]] std::size_t n_tokens() const { return ids.size(); }
  [[nodiscard]] std::size_t n_documents() const {
    return document_first.empty() ? 0 : document_first.size() - 1;
  }
  // The document that token t lies in; t < n_tokens. Documents without tokens hold none.
  [[nodiscard]] std::uint32_t document_of(std::size_t t) const {
    const auto after = std::upper_bound(document_first.begin(), document_first.end(), t);
    return static_cast<std::uint32_t>(after - document_first.begin() - 1);
  }
};

// The bytes of token t, which lies in `document`. They need not be whole UTF-8 characters.
[[nodiscard]] inline std::string_view token_bytes(const TokenStream& stream, const text::Document& document,
                                                  std::size_t t) {
  return std::string_view(document.text)
      .substr(stream.begin_bytes[t], stream.end_bytes[t] - stream.begin_bytes[t]);
}

}  // namespace penfield::tokens
