// The two proper-noun rules: a word that begins with an upper-case letter and does not begin a sentence. Also
// their counterpart, the capital of a sentence's first word, and all capitals.
//
// kStudy is the rule of the published notebook, unchanged, so that its figures can be reproduced: it looks at
// tokens. kSound is the same idea without its accidents: it looks at words, so that what it marks does not
// depend on how a tokeniser cuts them; short names count, a colon does not end a sentence, a line break or
// the start of a document begins one, and the pronoun "I" is no name. measured_precision.h says how often the
// rules are right.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/labels/label_track.h"
#include "penfield/labels/pieces.h"
#include "penfield/text/document.h"
#include "penfield/tokens/token_stream.h"

namespace penfield::labels {

enum class ProperNounRule : std::uint8_t { kSound, kStudy };

// [n_tokens]
//   kStudy  the token with its white space is longer than 2 characters, without it begins with an upper-case
//           letter, and the token before it in the stream, with its white space, ends in none of . ? ! :
//           The first token of the stream is never a target, and the end of a document is not a sentence end.
//           Ignores pieces and excludes nothing.
//   kSound  a word (spelling/words.h) that begins with an upper-case letter and does not begin a sentence
//           (spelling::begins_sentence), other than "I", "I'm", "I'll" and the like. The tokens of the word
//           without a final 's that `pieces` selects are kTarget, its others kExcluded.
//
// Other words of one letter are words as any: within the sentences of UD English-EWT dev 23 of 53 are names
// (initials, "Plan B"). Without them precision would be .683 instead of .677, and recall .764 instead of
// .776. "World War I" and "Elizabeth I" lose their last word. On WikiText-2 (raw, test; rows longer than 50
// characters of the first 200; GPT-2's tokens) kStudy marks 219, 89 and kSound 239, 89 of the first and of
// the second 1024 tokens; 1240 and 1299 of all 11,524.
[[nodiscard]] std::vector<Label> label_proper_nouns(const text::Corpus& corpus,
                                                    const tokens::TokenStream& stream, ProperNounRule rule,
                                                    Pieces pieces);

// [n_tokens]: the words that begin with an upper-case letter and begin a sentence, as kSound has it. Together
// with its targets they are all capitalised words but "I", and no word is both. Some of them are names: as a
// comparison group they are words of every kind that share the capital.
[[nodiscard]] std::vector<Label> label_sentence_initial_capitals(const text::Corpus& corpus,
                                                                 const tokens::TokenStream& stream,
                                                                 Pieces pieces);

// [n_tokens]: the words that begin with an upper-case letter, wherever they stand; "I" too. Marked as kSound
// marks.
[[nodiscard]] std::vector<Label> label_capitals(const text::Corpus& corpus, const tokens::TokenStream& stream,
                                                Pieces pieces);

}  // namespace penfield::labels
