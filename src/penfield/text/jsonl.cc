#include "penfield/text/jsonl.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "penfield/formats/json.h"

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

Result<Document> parse_object(std::string_view line, const std::string& place) {
  PENFIELD_TRY(nlohmann::json object, formats::parse_json(line, place));
  if (!object.is_object()) return bad_input("{}: not an object; each line is {{\"text\": \"…\"}}", place);
  const auto text = object.find("text");
  if (text == object.end()) return bad_input("{}: no \"text\" in the object", place);
  if (!text->is_string()) return bad_input("{}: \"text\" is {}, not a string", place, text->type_name());
  Document document;
  document.text = with_plain_line_ends(std::move(text->get_ref<std::string&>()));
  document.row_end_bytes = ends_of_lines(document.text);
  const auto title = object.find("title");
  if (title != object.end() && title->is_string()) document.title = title->get<std::string>();
  return document;
}

}  // namespace

Result<void> read_jsonl(RowReader& reader, const TextOptions& options, Corpus& corpus) {
  std::string line;
  while (!options.max_rows || corpus.n_rows_read < *options.max_rows) {
    PENFIELD_TRY(const bool found, reader.next(line));
    if (!found) break;
    if (line.find_first_not_of(" \t\r\n") == std::string::npos) continue;
    PENFIELD_TRY(Document document, parse_object(line, reader.place()));
    ++corpus.n_rows_read;
    if (document.text.empty()) continue;
    document.source = reader.source(reader.line_number());
    corpus.documents.push_back(std::move(document));
  }
  return {};
}

}  // namespace penfield::text
