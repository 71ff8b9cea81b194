// The two proper-noun rules: a token that begins with an upper-case letter and does not begin a sentence.
// Beside them their counterpart, the capital that a sentence's first word has without being a name.
//
// kStudy is the rule of the published notebook, kept to the letter so that its figures can be made again.
// kSound is the same idea without its accidents: short names count, a colon ends no sentence, and the end of
// a row or the start of a document begins one.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/labels/label_track.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

enum class ProperNounRule : std::uint8_t { kSound, kStudy };

// [n_tokens], kTarget or kOther.
//   kStudy  the token with its white space is longer than 2 characters, stripped it begins with an upper-case
//   letter,
//           and the token before it in the whole stream, unstripped, ends in none of . ? ! : — the first
//           token of the stream is never a target, and the border of two documents is no sentence end.
//   kSound  the token, stripped, begins with an upper-case letter; the nearest text before it in its document
//   ends in
//           none of . ? ! and no line break lies between. White space is looked at as a whole, wherever the
//           tokeniser cut it. Nothing before it in the document: a sentence start, no target.
// On WikiText-2 (raw, test; rows longer than 50 characters of the first 200; GPT-2's tokens) kStudy marks
// 219, 89 and kSound 241, 89 of the first and of the second 1024 tokens; 1240 and 1337 of all 11,524.
[[nodiscard]] std::vector<Label> label_proper_nouns(const text::Corpus& corpus,
                                                    const tokens::TokenStream& stream, ProperNounRule rule);

// [n_tokens], kTarget or kOther: tokens that begin with an upper-case letter and do begin a sentence, as
// kSound sees it. With the targets of kSound they are all capitalised tokens, and no token is both. What
// begins a sentence may be a name: as a comparison group they are words of every kind that share the capital.
[[nodiscard]] std::vector<Label> label_sentence_initial_capitals(const text::Corpus& corpus,
                                                                 const tokens::TokenStream& stream);

}  // namespace penfield::labels
