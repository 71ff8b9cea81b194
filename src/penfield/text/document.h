// The output of the text room: documents, each a piece of UTF-8 with its rows and, if the file has them, gold
// tags.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace penfield::text {

// One word of an annotated corpus (CoNLL-U); bytes of Document::text, without the space before it.
struct GoldWord {
  std::uint64_t begin_bytes = 0;
  std::uint64_t end_bytes = 0;
  std::string upos;
  std::string xpos;
};

struct Document {
  std::string title;                         // heading, or sent_id/newdoc id; may be empty
  std::string source;                        // where it begins, "wiki.test.raw:12"
  std::string text;                          // the kept rows, one after the other, each with its newline
  std::vector<std::uint64_t> row_end_bytes;  // the last entry is text.size()
  std::vector<GoldWord> gold_words;          // in the order of the text
};

struct TextFile {
  std::string path;
  std::string sha256;  // of the bytes as stored, 64 hex digits
  std::uint64_t n_bytes = 0;
};

struct Corpus {
  std::vector<Document> documents;  // none is empty, but of recorded tokens without text
  std::vector<TextFile> files;
  std::uint64_t n_rows_read = 0;
  std::uint64_t n_rows_left_out = 0;   // shorter than min_row_length
  std::uint64_t n_rows_skipped = 0;    // without text, with TextOptions::skip_invalid
  std::uint64_t n_bytes_replaced = 0;  // invalid UTF-8, with InvalidUtf8::kReplace
  bool has_gold = false;               // at least one file had gold tags
};

}  // namespace penfield::text
