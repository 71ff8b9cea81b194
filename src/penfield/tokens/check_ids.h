// A vocabulary and the embeddings of a model need not be of one length: models pad their embeddings, and
// tokenizers get tokens that no model was trained on. Only a text that holds such a token cannot be run.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::tokens {

// kBadInput: a token of the text has no embedding; names the first, and where it stands.
[[nodiscard]] Result<void> check_ids(const TokenStream& stream, const text::Corpus& corpus,
                                     const Tokenizer& tokenizer, std::size_t n_embeddings);

// Sentences on what a user should know of the tokens of a text; mostly none: the vocabulary is larger than
// the embeddings, or characters had no token.
[[nodiscard]] std::vector<std::string> notes_on(const TokenStream& stream, const Tokenizer& tokenizer,
                                                std::size_t n_embeddings);

}  // namespace penfield::tokens
