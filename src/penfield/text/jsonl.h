// JSON Lines: one object a line, of which the string `text` is a document; a string `title` is its title.
// What stands in other fields is not looked at (jsonl_object.h).
//
// The lines of `text` are the rows of the document, under the rules of corpus.h for line ends (CR LF becomes
// LF). Blank lines between objects are skipped; an object whose text is empty counts as read, and gives no
// document.
#pragma once

#include "penfield/base/result.h"
#include "penfield/text/corpus.h"
#include "penfield/text/row_reader.h"

namespace penfield::text {

// Appends the documents of the file and counts its objects as rows. kBadInput: a line that is no object, or
// whose `text` is missing or no string; with options.skip_invalid such lines are counted and left out.
[[nodiscard]] Result<void> read_jsonl(RowReader& reader, const TextOptions& options, Corpus& corpus);

}  // namespace penfield::text
