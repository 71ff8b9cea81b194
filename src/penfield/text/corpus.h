// Corpus files -> documents.
//
// The form of a file follows from its name (before .gz or .zst, in any case):
//
//   .jsonl .ndjson .json    JSON Lines: one object a line with a string `text`; each is a document (jsonl.h)
//   .conllu .conll          CoNLL-U: text rebuilt from FORM and SpaceAfter, one row a sentence (conllu.h)
//   .txt .text .raw .md     plain UTF-8: a row a line; WikiText headings or blank lines begin documents
//                           (plain_text.h)
//
// That of standard input and of files with other names follows from the first row; most are plain.
//
// Each may be compressed (.gz, .zst). Every file begins a new document.
//
// Bytes are kept unchanged, including NUL and U+2028 (neither ends a row), with three exceptions: a
// byte-order mark at the start of a file is dropped, CR LF becomes LF, and invalid UTF-8 is refused or
// replaced. A last row without a newline stays without.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/text/document.h"

namespace penfield::text {

enum class InvalidUtf8 {
  kRefuse,   // kBadInput with the byte's position
  kReplace,  // each maximal part of a broken character becomes U+FFFD, and its bytes are counted
};

struct TextOptions {
  // Rows of plain text with fewer characters (code points without the newline) are left out, so 50 keeps the
  // rows that are longer than 50 characters including their newline. Rows of the other forms are never left
  // out.
  std::size_t min_row_length = 0;
  // Only this many rows of all files together, counted before any is left out: lines of plain text, objects
  // of JSON Lines, sentences of CoNLL-U. The rest is hashed but not read as text.
  std::optional<std::size_t> max_rows;
  InvalidUtf8 invalid_utf8 = InvalidUtf8::kRefuse;
  // Rows of JSON Lines that give no text (broken JSON, no string `text`, invalid UTF-8) are counted and left
  // out, instead of refused.
  bool skip_invalid = false;
  // Memory that reading may take: of the documents, and of the rows while documents are made of them.
  std::optional<std::uint64_t> max_memory_bytes;
};

// paths: files, or "-" for standard input, in the order of the text. The text is held in memory, and no row
// may be longer than 64 MiB. kBadInput: a rule of the form is broken (names file and line or byte), or no
// text is left; kMemory: max_memory_bytes are not enough; kIo: a file cannot be read; kUsage: no path, or "-"
// twice; kInterrupted: `watch`.
[[nodiscard]] Result<Corpus> read_corpus(std::span<const std::string> paths, const TextOptions& options,
                                         const Watch& watch = {});

}  // namespace penfield::text
