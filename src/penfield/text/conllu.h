// CoNLL-U: text with gold tags. The text is rebuilt from the words; `# text` is not read.
//
//   row of the text   a sentence, ending in "\n": its words (FORM), each followed by a space unless its MISC
//                     says SpaceAfter=No
//   document          begins at `# newdoc`; where the file has none, each sentence is one
//   title             the id of newdoc, else the sent_id of the first sentence
//   gold word         a row with a whole number as its id; UPOS and XPOS, empty where the file has `_`
//   range ("3-4")     its FORM is what is in the text, and its SpaceAfter counts; for its words see below
//   empty node (8.1)  is not in the text, and skipped
//
// If the forms of a range's words, joined, spell the range ("does" "n't"), each word gets its own part of it.
// Otherwise ("du": "de" "le") the first word gets the whole range and the others are left out.
//
// Source: https://universaldependencies.org/format.html (version 2).
#pragma once

#include "penfield/base/result.h"
#include "penfield/text/corpus.h"
#include "penfield/text/row_reader.h"

namespace penfield::text {

// Appends the documents of the file and counts its sentences as rows. kBadInput names the line: not ten
// columns, an empty FORM, ids with a gap or in the wrong order, a range whose words are missing.
[[nodiscard]] Result<void> read_conllu(RowReader& reader, const TextOptions& options, Corpus& corpus);

// Whether a file that begins with this row is CoNLL-U: a comment of that format, or ten columns of which the
// first is 1.
[[nodiscard]] bool looks_like_conllu(std::string_view first_row);

}  // namespace penfield::text
