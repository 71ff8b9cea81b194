// Corpus files -> documents.
//
// Forms, told apart by name (before .gz or .zst) and, for standard input, by first byte:
//   .jsonl   one JSON object a line with a string `text`; each is a document, its lines are its rows
//   .conllu  CoNLL-U; text rebuilt from FORM and SpaceAfter, one row a sentence; `# newdoc` begins a document
//            (where the file has no newdoc, each sentence does)
//   other    plain UTF-8; a WikiText heading ` = Title = ` (of one `=`) begins a document; in a file without any such
//            heading a blank line does
// .gz and .zst of all.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "penfield/base/result.h"
#include "penfield/text/document.h"

namespace penfield::text {

enum class InvalidUtf8 { kRefuse, kReplace };

struct TextOptions {
  std::size_t min_row_length = 0;       // rows of plain text with at most... see corpus.cc: shorter rows are left out
  std::optional<std::size_t> max_rows;  // only the first so many rows of all files together
  InvalidUtf8 invalid_utf8 = InvalidUtf8::kRefuse;
};

// paths: files, or "-" for standard input. kBadInput names file and line or byte; kIo where a file cannot be read.
[[nodiscard]] Result<Corpus> read_corpus(std::span<const std::string> paths, const TextOptions& options);

}  // namespace penfield::text
