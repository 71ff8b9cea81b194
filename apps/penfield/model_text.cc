#include "model_text.h"

#include <utility>

#include "output.h"
#include "penfield/text/corpus.h"
#include "penfield/tokens/check_ids.h"
#include "penfield/tokens/show_token.h"
#include "penfield/tokens/tokenizer.h"

namespace penfield::app {

Result<ModelText> read_model_text(const std::string& model, const std::string& folder, const TextFlags& flags,
                                  tokens::BosPolicy bos, const Globals& globals) {
  PENFIELD_TRY(const tokens::Tokenizer tokenizer, tokens::Tokenizer::open(folder));
  const Watch watch({}, globals.stop);
  PENFIELD_TRY(text::Corpus corpus, text::read_corpus(flags.paths, flags.options(globals), watch));
  if (!globals.quiet) print_text_notes(corpus.n_rows_skipped, corpus.n_bytes_replaced);
  PENFIELD_TRY(tokens::TokenStream stream,
               tokens::tokenize(tokenizer, corpus, flags.encode_options(), watch));
  PENFIELD_TRY(model::ModelSpec spec, model::read_model_spec(folder));
  const std::uint32_t vocab_size = spec.architecture.vocab_size;
  PENFIELD_TRY_VOID(tokens::check_ids(stream, corpus, tokenizer, vocab_size));
  if (!globals.quiet) {
    for (const std::string& note : tokens::notes_on(stream, tokenizer, vocab_size)) print_note(note);
  }
  PENFIELD_TRY(const std::optional<TokenId> found,
               tokens::find_bos(tokenizer.spec(), bos, vocab_size, model));
  std::string bos_text = found ? tokens::show_token(tokenizer.token_bytes(*found)) : "";
  return ModelText{std::move(spec), std::move(stream), found, std::move(bos_text), std::move(corpus)};
}

}  // namespace penfield::app
