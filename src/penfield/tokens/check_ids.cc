#include "penfield/tokens/check_ids.h"

#include <algorithm>

#include "penfield/tokens/show_token.h"

namespace penfield::tokens {

Result<void> check_ids(const TokenStream& stream, const text::Corpus& corpus, const Tokenizer& tokenizer,
                       std::size_t n_embeddings) {
  if (tokenizer.vocab_size() <= n_embeddings) return {};
  const auto found = std::find_if(stream.ids.begin(), stream.ids.end(),
                                  [&](TokenId id) { return static_cast<std::size_t>(id) >= n_embeddings; });
  if (found == stream.ids.end()) return {};
  const auto t = static_cast<std::size_t>(found - stream.ids.begin());
  const text::Document& document = corpus.documents[stream.document_of(t)];
  return bad_input(
      "{}: the text holds the token {} (id {}), but the model has only {} embeddings, and the tokenizer {} "
      "tokens; leave it out of the text, or give --special text where it is a special token",
      document.source, show_token(tokenizer.token_bytes(*found)), static_cast<std::uint32_t>(*found),
      n_embeddings, tokenizer.vocab_size());
}

std::vector<std::string> notes_on(const TokenStream& stream, const Tokenizer& tokenizer,
                                  std::size_t n_embeddings) {
  std::vector<std::string> notes;
  if (tokenizer.vocab_size() > n_embeddings) {
    notes.push_back(
        fmt::format("The tokenizer has {} tokens, the model embeddings for the first {} only; none of the "
                    "others stands in this text.",
                    tokenizer.vocab_size(), n_embeddings));
  }
  if (stream.n_bytes_without_token > 0) {
    notes.push_back(fmt::format(
        "{} bytes of the text belong to characters that the vocabulary lacks; the model does not see "
        "them, and they count as part of a neighbouring token.",
        stream.n_bytes_without_token));
  }
  return notes;
}

}  // namespace penfield::tokens
