#include "penfield/study/labelled_text.h"

#include "penfield/labels/label_tokens.h"

namespace penfield::study {

Result<LabelledText> read_labelled_text(std::span<const std::string> paths, const text::TextOptions& options,
                                        const tokens::Tokenizer& tokenizer,
                                        const tokens::EncodeOptions& encode, const labels::Concept& asked,
                                        labels::Pieces pieces, StageClock& clock, const Watch& watch) {
  LabelledText out;
  clock.start_stage("read");
  PENFIELD_TRY(out.corpus, text::read_corpus(paths, options, watch));
  for (const text::TextFile& file : out.corpus.files) clock.note({.bytes_read = file.n_bytes});
  clock.start_stage("tokenize");
  PENFIELD_TRY(out.stream, tokens::tokenize(tokenizer, out.corpus, encode, watch));
  PENFIELD_TRY_VOID(watch.check());
  clock.start_stage("label");
  PENFIELD_TRY(out.track, labels::label_tokens(asked, out.corpus, out.stream, pieces));
  clock.end();
  return out;
}

}  // namespace penfield::study
