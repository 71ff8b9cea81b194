#include "penfield/text/plain_text.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "penfield/text/utf8.h"

namespace penfield::text {
namespace {

struct PlainRow {
  std::uint64_t end_bytes = 0;  // in PlainFile::text; that of the row before, where this row is left out
  bool blank = false;
  bool heading = false;
};

struct PlainFile {
  std::string text;  // the rows that are long enough
  std::vector<PlainRow> rows;
  std::vector<std::string> titles;  // one a heading, in their order
  bool holds_white_space = false;   // a blank row holds more than its line's end
};

// Rows first … end - 1 of a file: a document, if any of them is kept.
struct Cut {
  std::size_t first = 0;
  std::size_t end = 0;
  std::string title;
};

std::string_view without_newline(std::string_view row) {
  if (row.ends_with('\n')) row.remove_suffix(1);
  return row;
}

bool is_blank(std::string_view row) {
  return row.find_first_not_of(" \t\v\f\r\n") == std::string_view::npos;
}

// "Title" of ` = Title = `; nullopt where `row` is no heading of one `=`.
std::optional<std::string_view> heading_title(std::string_view row) {
  constexpr std::string_view kEdge = " = ";
  row = without_newline(row);
  if (row.size() <= 2 * kEdge.size() || !row.starts_with(kEdge) || !row.ends_with(kEdge)) return std::nullopt;
  const std::string_view title = row.substr(kEdge.size(), row.size() - 2 * kEdge.size());
  if (title.starts_with("= ") || title.ends_with(" =") || is_blank(title)) return std::nullopt;
  return title;
}

std::vector<Cut> cut_at_headings(const PlainFile& file) {
  std::vector<Cut> cuts(1);
  bool begun = false;  // the document has a heading, or a row that is not blank
  std::size_t n_headings = 0;
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    if (file.rows[i].heading) {
      if (begun) cuts.push_back({i, i, {}});
      cuts.back().title = file.titles[n_headings++];
    }
    begun = begun || !file.rows[i].blank;
    cuts.back().end = i + 1;
  }
  return cuts;
}

// A file of blank rows alone is one document of white space, unless it holds nothing but line ends.
std::vector<Cut> cut_at_blank_rows(const PlainFile& file) {
  std::vector<Cut> cuts;
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    if (file.rows[i].blank) continue;
    if (i == 0 || file.rows[i - 1].blank) cuts.push_back({i, i, {}});
    cuts.back().end = i + 1;
  }
  if (cuts.empty() && file.holds_white_space) cuts.push_back({0, file.rows.size(), {}});
  return cuts;
}

Result<PlainFile> read_rows(RowReader& reader, const TextOptions& options, Corpus& corpus) {
  PlainFile file;
  std::string row;
  while (!options.max_rows || corpus.n_rows_read < *options.max_rows) {
    PENFIELD_TRY(const bool found, reader.next(row));
    if (!found) break;
    ++corpus.n_rows_read;
    const std::optional<std::string_view> title = heading_title(row);
    if (title) file.titles.emplace_back(*title);
    const std::size_t kept = file.text.size();
    if (n_code_points(without_newline(row)) >= options.min_row_length) file.text += row;
    // Rows, and the documents that are made of them, are in memory together.
    PENFIELD_TRY_VOID(
        reader.take_memory(2 * (file.text.size() - kept + (title ? title->size() : 0)) + sizeof(PlainRow)));
    const bool blank = is_blank(row);
    file.holds_white_space = file.holds_white_space || (blank && !without_newline(row).empty());
    file.rows.push_back({file.text.size(), blank, title.has_value()});
  }
  return file;
}

// Appends the document of `cut`, if any of its rows is kept, and counts those that are not.
Result<void> add_document(const PlainFile& file, Cut cut, RowReader& reader, Corpus& corpus) {
  const std::uint64_t begin = cut.first == 0 ? 0 : file.rows[cut.first - 1].end_bytes;
  Document document;
  std::uint64_t row_begin = begin;
  for (std::size_t i = cut.first; i < cut.end; ++i) {
    const std::uint64_t row_end = file.rows[i].end_bytes;
    if (row_end > row_begin) {
      document.row_end_bytes.push_back(row_end - begin);
    } else {
      ++corpus.n_rows_left_out;
    }
    row_begin = row_end;
  }
  if (document.row_end_bytes.empty()) return {};
  document.title = std::move(cut.title);
  document.source = reader.source(cut.first + 1);
  PENFIELD_TRY_VOID(reader.take_memory(sizeof(Document) + document.source.capacity() +
                                       document.row_end_bytes.capacity() * sizeof(std::uint64_t)));
  document.text = file.text.substr(begin, document.row_end_bytes.back());
  corpus.documents.push_back(std::move(document));
  return {};
}

}  // namespace

Result<void> read_plain_text(RowReader& reader, const TextOptions& options, Corpus& corpus) {
  PENFIELD_TRY(const PlainFile file, read_rows(reader, options, corpus));
  for (Cut& cut : file.titles.empty() ? cut_at_blank_rows(file) : cut_at_headings(file)) {
    PENFIELD_TRY_VOID(add_document(file, std::move(cut), reader, corpus));
  }
  return {};
}

}  // namespace penfield::text
