#include "penfield/text/corpus.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "penfield/text/conllu.h"
#include "penfield/text/jsonl.h"
#include "penfield/text/plain_text.h"
#include "penfield/text/row_reader.h"

namespace penfield::text {
namespace {

enum class Form { kPlain, kJsonl, kConllu };

std::string lower_case(std::string_view name) {
  std::string out(name);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

// None where the name does not say it.
std::optional<Form> form_by_name(std::string_view path) {
  const std::string lower = lower_case(path);
  std::string_view name = lower;
  for (const std::string_view compressed : {".gz", ".zst"}) {
    if (name.ends_with(compressed)) {
      name.remove_suffix(compressed.size());
      break;
    }
  }
  constexpr std::array<std::pair<std::string_view, Form>, 9> kEndings = {{{".jsonl", Form::kJsonl},
                                                                          {".ndjson", Form::kJsonl},
                                                                          {".json", Form::kJsonl},
                                                                          {".conllu", Form::kConllu},
                                                                          {".conll", Form::kConllu},
                                                                          {".txt", Form::kPlain},
                                                                          {".text", Form::kPlain},
                                                                          {".raw", Form::kPlain},
                                                                          {".md", Form::kPlain}}};
  for (const auto& [ending, form] : kEndings) {
    if (name.ends_with(ending)) return form;
  }
  return std::nullopt;
}

Form form_by_first_row(std::string_view row) {
  if (row.starts_with('{')) return Form::kJsonl;
  return looks_like_conllu(row) ? Form::kConllu : Form::kPlain;
}

Result<void> read_file(const std::string& path, const TextOptions& options, const Watch& watch,
                       TextMemory& memory, Corpus& corpus) {
  PENFIELD_TRY(RowReader reader, RowReader::open(path, options.invalid_utf8, memory, watch));
  std::optional<Form> form = form_by_name(path);
  if (!form) {
    PENFIELD_TRY(const std::string_view first_row, reader.peek_first());
    form = form_by_first_row(first_row);
  }
  Result<void> read;
  switch (*form) {
    case Form::kPlain:
      read = read_plain_text(reader, options, corpus);
      break;
    case Form::kJsonl:
      read = read_jsonl(reader, options, corpus);
      break;
    case Form::kConllu:
      read = read_conllu(reader, options, corpus);
      break;
  }
  if (!read) return read;
  corpus.n_bytes_replaced += reader.n_bytes_replaced();
  PENFIELD_TRY(TextFile file, reader.finish());
  corpus.files.push_back(std::move(file));
  return {};
}

// Why no document came of it.
tl::unexpected<Error> no_text(std::span<const std::string> paths, const TextOptions& options,
                              const Corpus& corpus) {
  const std::string where = paths.size() == 1 ? (paths[0] == "-" ? "standard input" : paths[0])
                                              : fmt::format("{} and {} more", paths[0], paths.size() - 1);
  if (corpus.n_rows_left_out > 0) {
    return bad_input(
        "{}: no text is left: all {} rows that are not blank are shorter than {} characters; lower "
        "--min-row-length",
        where, corpus.n_rows_left_out, options.min_row_length);
  }
  if (options.max_rows == std::size_t{0}) return bad_input("{}: no text is left: --rows is 0", where);
  if (corpus.n_rows_read == 0) return bad_input("{}: the text is empty", where);
  if (corpus.n_rows_skipped > 0)
    return bad_input("{}: no text is left: {} of {} rows have none", where, corpus.n_rows_skipped,
                     corpus.n_rows_read);
  return bad_input("{}: the text is empty: {} rows, all of them blank", where, corpus.n_rows_read);
}

}  // namespace

Result<Corpus> read_corpus(std::span<const std::string> paths, const TextOptions& options,
                           const Watch& watch) {
  if (paths.empty()) return usage_error("no text: name a file, or - for standard input");
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    return usage_error("standard input (-) is named twice, but can be read once");
  }
  Corpus corpus;
  TextMemory memory{.limit_bytes = options.max_memory_bytes};
  for (const std::string& path : paths) PENFIELD_TRY_VOID(read_file(path, options, watch, memory, corpus));
  if (corpus.documents.empty()) return no_text(paths, options, corpus);
  return corpus;
}

}  // namespace penfield::text
