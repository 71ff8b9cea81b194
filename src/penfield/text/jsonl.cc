#include "penfield/text/jsonl.h"

#include <utility>

#include "penfield/text/jsonl_object.h"

namespace penfield::text {
namespace {

// `text` with CR LF as LF.
std::string with_plain_line_ends(std::string text) {
  std::size_t n_kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    text[n_kept++] = text[i];
  }
  text.resize(n_kept);
  return text;
}

std::vector<std::uint64_t> ends_of_lines(std::string_view text) {
  std::vector<std::uint64_t> ends;
  for (std::size_t newline = text.find('\n'); newline != std::string_view::npos;
       newline = text.find('\n', newline + 1)) {
    ends.push_back(newline + 1);
  }
  if (!text.empty() && text.back() != '\n') ends.push_back(text.size());
  return ends;
}

Result<Document> parse_row(std::string& row, const TextOptions& options, RowReader& reader) {
  PENFIELD_TRY_VOID(reader.check_utf8(row));
  Result<JsonlObject> object = read_jsonl_object(row, options.invalid_utf8);
  if (!object) return bad_input("{}: {}", reader.place(), object.error().message);
  reader.add_bytes_replaced(object->n_bytes_replaced);
  Document document;
  document.text = with_plain_line_ends(std::move(object->text));
  document.row_end_bytes = ends_of_lines(document.text);
  document.title = std::move(object->title);
  document.source = reader.source(reader.line_number());
  return document;
}

}  // namespace

Result<void> read_jsonl(RowReader& reader, const TextOptions& options, Corpus& corpus) {
  std::string row;
  while (!options.max_rows || corpus.n_rows_read < *options.max_rows) {
    PENFIELD_TRY(const bool found, reader.next_unchecked(row));
    if (!found) break;
    if (row.find_first_not_of(" \t\r\n") == std::string::npos) continue;
    ++corpus.n_rows_read;
    Result<Document> document = parse_row(row, options, reader);
    if (!document) {
      if (!options.skip_invalid) return tl::unexpected<Error>(std::move(document).error());
      ++corpus.n_rows_skipped;
      continue;
    }
    if (document->text.empty()) continue;
    PENFIELD_TRY_VOID(reader.take_memory(sizeof(Document) + document->text.capacity() +
                                         document->title.capacity() + document->source.capacity() +
                                         document->row_end_bytes.capacity() * sizeof(std::uint64_t)));
    corpus.documents.push_back(*std::move(document));
  }
  return {};
}

}  // namespace penfield::text
