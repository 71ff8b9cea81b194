// Plain UTF-8: a row a line.
//
// In a file with WikiText headings (among the rows that are read), each begins a document, of which it is the
// first row and the title; rows before the first heading are a document of their own, unless they are all
// blank: then they belong to the first. Blank rows are rows like others. A heading is ` = Title = `, with one
// `=` on each side and the spaces as WikiText writes them; ` = = Section = = ` is none.
//
// In a file without headings, blank rows separate documents and are not part of the text.
//
// A row that is left out by its length still begins or ends a document; a document of which no row is left
// is dropped.
#pragma once

#include "penfield/base/result.h"
#include "penfield/text/corpus.h"
#include "penfield/text/row_reader.h"

namespace penfield::text {

// Appends the documents of the file and counts its rows. Holds the text of the file twice while it cuts it.
[[nodiscard]] Result<void> read_plain_text(RowReader& reader, const TextOptions& options, Corpus& corpus);

}  // namespace penfield::text
