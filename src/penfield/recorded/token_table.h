// tokens.tsv of a folder of recorded activations -> documents and tokens: a row for each token, in the order
// of the rows of every matrix.
//
//   token      the token's own text with its spaces, " Paris"; empty where it has none, as <bos>. The tokens
//              of a document, one after the other, are its text
//   document   tokens of one document have the same name here, and stand together; without the column all
//              tokens are one document
//   token_id   whole numbers below 2^24; without the column, tokens of the same spelling are one type
//   position   ignored, as penfield label writes it
//   others     "label:NAME" or NAME: somebody's labels, if they are 0, 1 or NA (also 0.0, 1.0, True, False,
//              NaN and nothing, as pandas and R write them); other columns are ignored
#pragma once

#include <string>

#include "penfield/base/result.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::recorded {

struct TokenTable {
  text::Corpus corpus;  // its only file is the table
  tokens::TokenStream stream;
};

// kBadInput, with file and line: a rule above is broken, a document goes on after another has begun, the text
// of a document is not UTF-8, the file has no token, or its tokens are spelled in a tokenizer's alphabet
// ("ĠParis") and not as text. kIo: cannot be read.
[[nodiscard]] Result<TokenTable> read_token_table(const std::string& path);

}  // namespace penfield::recorded
