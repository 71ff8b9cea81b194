// Plain UTF-8: a row a line.
//
// In a file with WikiText headings (among the rows that are read), each heading begins a document and is its
// first row and title. Rows before the first heading form a document of their own, or belong to the first if
// they are all blank. Blank rows are rows like any other. A heading is ` = Title = `, with one `=` on each
// side and the spaces as WikiText writes them; ` = = Section = = ` is not a heading.
//
// In a file without headings, blank rows separate documents and are not part of the text.
//
// A row that is left out because of its length still begins or ends a document; a document without remaining
// rows is dropped.
#pragma once

#include "penfield/base/result.h"
#include "penfield/text/corpus.h"
#include "penfield/text/row_reader.h"

namespace penfield::text {

// Appends the documents of the file and counts its rows. Holds the text of the file twice while it splits it.
[[nodiscard]] Result<void> read_plain_text(RowReader& reader, const TextOptions& options, Corpus& corpus);

}  // namespace penfield::text
