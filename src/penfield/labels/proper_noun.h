// The two proper-noun rules: a token that begins with an upper-case letter and does not begin a sentence.
// Also their counterpart, the capital of a sentence's first word.
//
// kStudy is the rule of the published notebook, unchanged, so that its figures can be reproduced. kSound is
// the same idea without its accidents: short names count, a colon does not end a sentence, and a line break
// or the start of a document begins one.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/labels/label_track.h"
#include "penfield/labels/pieces.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

enum class ProperNounRule : std::uint8_t { kSound, kStudy };

// [n_tokens], kTarget or kOther.
//   kStudy  the token with its white space is longer than 2 characters, without it begins with an upper-case
//           letter, and the token before it in the stream, with its white space, ends in none of . ? ! :
//           The first token of the stream is never a target, and the end of a document is not a sentence end.
//   kSound  the token without white space begins with an upper-case letter, the nearest text before it in its
//           document ends in none of . ? ! and there is no line break between them. White space is treated as
//           a whole, however the tokeniser split it. The start of a document is a sentence start.
// On WikiText-2 (raw, test; rows longer than 50 characters of the
// first 200; GPT-2's tokens) kStudy marks 219, 89 and kSound 241, 89
// of the first and of the second 1024 tokens; 1240 and 1337 of all
// 11,524.
[[nodiscard]] std::vector<Label> label_proper_nouns(const text::Corpus& corpus,
                                                    const tokens::TokenStream& stream, ProperNounRule rule);

// [n_tokens], kTarget or kOther: tokens that begin with an upper-case letter and begin a sentence by kSound.
// Together with the targets of kSound they are all capitalised tokens, and no token is both. Some of them are
// names: as a comparison group they are words of every kind that share the capital.
[[nodiscard]] std::vector<Label> label_sentence_initial_capitals(const text::Corpus& corpus,
                                                                 const tokens::TokenStream& stream);

// [n_tokens]: the words that begin with an upper-case letter, wherever they stand; of each, without a
// final 's, the tokens that `pieces` selects are kTarget and the others kExcluded.
[[nodiscard]] std::vector<Label> label_capitals(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                                Pieces pieces);

}  // namespace penfield::labels
