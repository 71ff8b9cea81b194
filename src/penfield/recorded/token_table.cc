#include "penfield/recorded/token_table.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "penfield/formats/mapped_file.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/sha256.h"
#include "penfield/formats/tsv.h"
#include "penfield/text/utf8.h"

namespace penfield::recorded {
namespace {

using formats::message_text;

constexpr std::uint32_t kTokenIds = std::uint32_t{1} << 24;  // arrays have an entry for each

// What a column holds, by its name.
struct Column {
  enum class Kind : std::uint8_t { kToken, kDocument, kTokenId, kIgnored, kLabels };
  Kind kind = Kind::kIgnored;
  std::size_t labels = 0;  // of kLabels: index in TokenStream::label_columns
};

Column::Kind kind_of(std::string_view name) {
  if (name == "token") return Column::Kind::kToken;
  if (name == "document") return Column::Kind::kDocument;
  if (name == "token_id") return Column::Kind::kTokenId;
  if (name == "position") return Column::Kind::kIgnored;
  return Column::Kind::kLabels;
}

// 1, 0, -1 for none; nullopt: no label.
std::optional<std::int8_t> parse_label(std::string_view word) {
  constexpr std::array<std::string_view, 5> kOne = {"1", "1.0", "True", "TRUE", "true"};
  constexpr std::array<std::string_view, 5> kZero = {"0", "0.0", "False", "FALSE", "false"};
  constexpr std::array<std::string_view, 5> kNone = {"", "NA", "NaN", "nan", "<NA>"};
  if (std::find(kOne.begin(), kOne.end(), word) != kOne.end()) return std::int8_t{1};
  if (std::find(kZero.begin(), kZero.end(), word) != kZero.end()) return std::int8_t{0};
  if (std::find(kNone.begin(), kNone.end(), word) != kNone.end()) return std::int8_t{-1};
  return std::nullopt;
}

std::vector<std::uint64_t> ends_of_rows(std::string_view text) {
  std::vector<std::uint64_t> ends;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    ends.push_back(at + 1);
  if (ends.empty() || ends.back() != text.size()) ends.push_back(text.size());
  return ends;
}

class TableReader {
 public:
  TableReader(std::string_view bytes, const std::string& path) : path_(path), rows_(bytes, path) {}

  Result<TokenTable> read() {
    PENFIELD_TRY_VOID(read_header());
    for (;;) {
      PENFIELD_TRY(const bool is_row, rows_.next_row());
      if (!is_row) break;
      PENFIELD_TRY_VOID(read_row());
    }
    if (out_.stream.ids.empty()) return bad_input("{}: has no token; it is a row for each token", path_);
    PENFIELD_TRY_VOID(end_document());
    out_.stream.document_first.push_back(out_.stream.n_tokens());
    PENFIELD_TRY_VOID(check_spelling());
    out_.corpus.n_rows_read = out_.stream.n_tokens();
    return std::move(out_);
  }

 private:
  Result<void> read_header() {
    PENFIELD_TRY(const std::vector<std::string> names, rows_.header());
    if (std::find(names.begin(), names.end(), "token") == names.end()) {
      return bad_input("{}:1: there is no column token; the first line names the columns, with tabs between",
                       path_);
    }
    for (const std::string& name : names) {
      Column& column = columns_.emplace_back(Column{.kind = kind_of(name)});
      has_documents_ = has_documents_ || column.kind == Column::Kind::kDocument;
      has_ids_ = has_ids_ || column.kind == Column::Kind::kTokenId;
      if (column.kind != Column::Kind::kLabels) continue;
      column.labels = out_.stream.label_columns.size();
      constexpr std::string_view kPrefix = "label:";
      const std::string own = name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
      for (const tokens::LabelColumn& other : out_.stream.label_columns) {
        if (other.name == own) return bad_input("{}:1: two columns are labels {}", path_, message_text(own));
      }
      out_.stream.label_columns.push_back({.name = own, .values = {}});
    }
    return {};
  }

  Result<void> read_row() {
    std::string token, document;
    std::uint32_t id = 0;
    for (const Column& column : columns_) {
      switch (column.kind) {
        case Column::Kind::kToken: {
          PENFIELD_TRY(token, rows_.text());
          break;
        }
        case Column::Kind::kDocument: {
          PENFIELD_TRY(document, rows_.text());
          break;
        }
        case Column::Kind::kTokenId: {
          PENFIELD_TRY(id, rows_.unsigned32());
          if (id >= kTokenIds) return rows_.refuse("is too large; token ids are below 16777216");
          break;
        }
        case Column::Kind::kIgnored:
          (void)rows_.field();
          break;
        case Column::Kind::kLabels:
          read_label(out_.stream.label_columns[column.labels]);
          break;
      }
    }
    if (out_.corpus.documents.empty() || (has_documents_ && document != document_))
      PENFIELD_TRY_VOID(begin_document(std::move(document)));
    add_token(token, id);
    return {};
  }

  void read_label(tokens::LabelColumn& column) {
    const std::string_view word = rows_.field();
    if (!column.why_not.empty()) return;
    const std::optional<std::int8_t> value = parse_label(word);
    if (value) return column.values.push_back(*value);
    column.why_not = rows_.refuse("is no label").value().message;
    column.values = {};
  }

  Result<void> begin_document(std::string name) {
    if (!out_.corpus.documents.empty()) PENFIELD_TRY_VOID(end_document());
    if (!seen_.insert(name).second) {
      return bad_input(
          "{}:{}: document '{}' goes on after another has begun; the rows of a document stand together",
          path_, rows_.line(), message_text(name));
    }
    document_ = std::move(name);
    document_line_ = rows_.line();
    out_.stream.document_first.push_back(out_.stream.n_tokens());
    out_.corpus.documents.push_back({.title = has_documents_ ? document_ : "",
                                     .source = fmt::format("{}:{}", path_, rows_.line()),
                                     .text = {},
                                     .row_end_bytes = {},
                                     .gold_words = {}});
    return {};
  }

  Result<void> end_document() {
    text::Document& document = out_.corpus.documents.back();
    document.row_end_bytes = ends_of_rows(document.text);
    const std::size_t n_valid = text::valid_prefix(document.text);
    if (n_valid == document.text.size()) return {};
    const std::vector<std::uint64_t>& ends = out_.stream.end_bytes;
    const auto first = static_cast<std::ptrdiff_t>(out_.stream.document_first.back());
    const auto token = std::upper_bound(ends.begin() + first, ends.end(), n_valid) - ends.begin();
    return bad_input(
        "{}: the document that begins in line {} is not UTF-8 at its token {}; write the tokens' text in UTF-8",
        path_, document_line_, token - first);
  }

  void add_token(const std::string& token, std::uint32_t id) {
    std::string& text = out_.corpus.documents.back().text;
    tokens::TokenStream& stream = out_.stream;
    if (!has_ids_) id = types_.emplace(token, static_cast<std::uint32_t>(types_.size())).first->second;
    stream.ids.push_back(TokenId{id});
    stream.begin_bytes.push_back(text.size());
    text += token;
    stream.end_bytes.push_back(text.size());
    constexpr std::string_view kMarks[] = {"\xC4\xA0", "\xE2\x96\x81"};  // Ġ and ▁
    for (const std::string_view mark : kMarks) n_marked_ += token.starts_with(mark) ? 1 : 0;
    n_spaced_ += token.find_first_of(" \n\t") != std::string::npos ? 1 : 0;
  }

  // A tokenizer's alphabet has a letter in the place of a space, so no rule of words would be right.
  [[nodiscard]] Result<void> check_spelling() const {
    constexpr std::uint64_t kShare = 5;
    if (n_spaced_ > 0 || n_marked_ * kShare < out_.stream.n_tokens()) return {};
    return bad_input(
        "{}: {} of {} tokens begin with Ġ or ▁ and none has a space: they are spelled in a tokenizer's alphabet; "
        "write their text, as tokenizer.decode([id]) gives it",
        path_, n_marked_, out_.stream.n_tokens());
  }

  const std::string& path_;
  formats::TsvReader rows_;
  std::vector<Column> columns_;
  bool has_documents_ = false, has_ids_ = false;
  std::unordered_map<std::string, std::uint32_t> types_;  // without token_id
  std::unordered_set<std::string> seen_;                  // documents
  std::string document_;                                  // the name of the last
  std::uint64_t document_line_ = 0;
  std::uint64_t n_marked_ = 0, n_spaced_ = 0;
  TokenTable out_;
};

}  // namespace

Result<TokenTable> read_token_table(const std::string& path) {
  PENFIELD_TRY(const formats::MappedFile file, formats::MappedFile::open(path));
  PENFIELD_TRY(TokenTable out, TableReader(file.text(), path).read());
  out.corpus.files.push_back(
      {.path = path, .sha256 = formats::sha256_hex(file), .n_bytes = file.bytes().size()});
  return out;
}

}  // namespace penfield::recorded
