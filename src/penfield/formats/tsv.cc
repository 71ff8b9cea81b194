#include "penfield/formats/tsv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/formats/message_text.h"

namespace penfield::formats {
namespace {

template <class Number>
void append_shortest(std::string& out, Number value) {
  if (std::isnan(value)) return;
  std::array<char, 32> digits{};  // the longest double takes 24
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  PENFIELD_CHECK(error == std::errc{});
  out.append(digits.data(), end);
}

void split(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return;
    line.remove_prefix(tab + 1);
  }
}

bool reads_as_number(std::string_view text) {
  return text.find_first_not_of("0123456789.eE+-") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

void append_number(std::string& out, double value) {
  append_shortest(out, value);
}
void append_number(std::string& out, float value) {
  append_shortest(out, value);
}
void append_number(std::string& out, std::uint64_t value) {
  const fmt::format_int digits(value);
  out.append(digits.data(), digits.size());
}

std::string format_number(double value) {
  std::string out;
  append_number(out, value);
  return out;
}

std::string format_number(float value) {
  std::string out;
  append_number(out, value);
  return out;
}

void append_field(std::string& out, std::string_view text) {
  if (text.find_first_of("\t\n\r\"'#") == std::string_view::npos && !reads_as_number(text)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

std::optional<std::string> unquote(std::string_view field) {
  if (!field.starts_with('"')) return std::string(field);
  if (field.size() < 2 || !field.ends_with('"')) return std::nullopt;
  field = field.substr(1, field.size() - 2);
  std::string out;
  out.reserve(field.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '"' && (++i == field.size() || field[i] != '"')) return std::nullopt;
    out += field[i];
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (text == "inf") return std::numeric_limits<double>::infinity();
  if (text == "-inf") return -std::numeric_limits<double>::infinity();
  // from_chars also takes "nan" and "infinity" in any case: a number here begins with a digit, point or
  // minus.
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  if (first >= text.size() || !(text[first] == '.' || (text[first] >= '0' && text[first] <= '9')))
    return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

void TsvWriter::separate() {
  if (in_row_) *out_ += '\t';
  in_row_ = true;
}

TsvWriter& TsvWriter::text(std::string_view value) {
  separate();
  append_field(*out_, value);
  return *this;
}

template <class Number>
TsvWriter& TsvWriter::floating(Number value) {
  separate();
  const std::size_t begin = out_->size();
  append_number(*out_, value);
  if (std::isfinite(value) && out_->find_first_of(".e", begin) == std::string::npos) *out_ += ".0";
  return *this;
}

TsvWriter& TsvWriter::number(double value) {
  return floating(value);
}

TsvWriter& TsvWriter::number(float value) {
  return floating(value);
}

TsvWriter& TsvWriter::nothing() {
  separate();
  return *this;
}

void TsvWriter::end_row() {
  *out_ += '\n';
  in_row_ = false;
}

Result<void> TsvReader::header(std::string_view expected) {
  line_ = 1;
  const std::size_t newline = rest_.find('\n');
  const std::string_view found = rest_.substr(0, newline);
  if (newline == std::string_view::npos || found != expected) {
    return bad_input("{}:1: the header line must be '{}', not '{}'", name_, message_text(expected),
                     message_text(found));
  }
  split(found, columns_);
  rest_.remove_prefix(newline + 1);
  return {};
}

Result<std::vector<std::string>> TsvReader::header() {
  constexpr std::size_t kMostColumns = 4096;
  if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // a byte-order mark
  is_foreign_ = true;
  line_ = 1;
  if (rest_.empty()) return bad_input("{}: the file is empty; its first line names the columns", name_);
  std::vector<std::string> names;
  for (char end = '\t'; end == '\t';) {
    std::string_view field;
    const bool is_whole = take_field(field, end);
    if (end == '\n' && field.ends_with('\r')) field.remove_suffix(1);
    if (names.size() == kMostColumns) return bad_input("{}:1: more than {} columns", name_, kMostColumns);
    const std::optional<std::string> name = is_whole ? unquote(field) : std::nullopt;
    if (!name) return bad_input("{}:1: a quote in the header line is not closed", name_);
    if (name->empty() || std::find(names.begin(), names.end(), *name) != names.end()) {
      return bad_input("{}:1: column {} {}", name_, names.size() + 1,
                       name->empty() ? "has no name" : "has the name of another: " + message_text(*name));
    }
    names.push_back(*name);
    columns_.push_back(field);
  }
  return names;
}

bool TsvReader::take_field(std::string_view& field, char& end) {
  std::size_t at = 0;
  if (rest_.starts_with('"')) {
    do {  // each step passes a quote and what stands before the next: doubled quotes are two steps
      at = rest_.find('"', at + 1);
      if (at == std::string_view::npos) return false;
      ++at;
    } while (at < rest_.size() && rest_[at] == '"');
  }
  while (at < rest_.size() && rest_[at] != '\t' && rest_[at] != '\n') ++at;
  const bool ends_file = at == rest_.size();
  if (ends_file && !is_foreign_) return false;
  field = rest_.substr(0, at);
  end = ends_file ? '\n' : rest_[at];
  if (rest_.starts_with('"'))
    n_lines_ += static_cast<std::uint64_t>(std::count(field.begin(), field.end(), '\n'));
  rest_.remove_prefix(std::min(at + 1, rest_.size()));
  return true;
}

Result<bool> TsvReader::next_row() {
  if (rest_.empty()) return false;
  line_ += std::exchange(n_lines_, 1);
  fields_.clear();
  next_field_ = 0;
  for (char end = '\t'; end == '\t';) {
    std::string_view field;
    if (!take_field(field, end)) {
      return bad_input(
          "{}:{}: {}; the file is incomplete", name_, line_,
          is_foreign_ ? "a field begins with a quote that is not closed" : "the last line has no newline");
    }
    if (is_foreign_ && end == '\n' && field.ends_with('\r')) field.remove_suffix(1);
    fields_.push_back(field);
  }
  if (fields_.size() != columns_.size()) {
    return bad_input("{}:{}: {} fields where the header has {}", name_, line_, fields_.size(),
                     columns_.size());
  }
  return true;
}

std::string_view TsvReader::field() {
  PENFIELD_CHECK(next_field_ < fields_.size());
  std::string_view word = fields_[next_field_++];
  if (word.size() >= 2 && word.starts_with('"') && word.ends_with('"'))
    word = word.substr(1, word.size() - 2);
  return word;
}

tl::unexpected<Error> TsvReader::refuse(std::string_view why) const {
  PENFIELD_CHECK(next_field_ > 0);
  return bad_input("{}:{}: column {}: '{}' {}", name_, line_, message_text(columns_[next_field_ - 1]),
                   message_text(fields_[next_field_ - 1]), why);
}

Result<std::string> TsvReader::text() {
  PENFIELD_CHECK(next_field_ < fields_.size());
  std::optional<std::string> value = unquote(fields_[next_field_++]);
  if (!value) return refuse("has a quote that is not doubled");
  return *std::move(value);
}

Result<double> TsvReader::number() {
  const std::optional<double> value = parse_number(field());
  if (!value) return refuse("is not a number");
  return *value;
}

Result<std::uint64_t> TsvReader::unsigned_number() {
  const std::optional<std::uint64_t> value = parse_unsigned(field());
  if (!value) return refuse("is not a whole number of at least 0");
  return *value;
}

Result<std::uint32_t> TsvReader::unsigned32() {
  PENFIELD_TRY(const std::uint64_t value, unsigned_number());
  if (value > std::numeric_limits<std::uint32_t>::max()) return refuse("is too large");
  return static_cast<std::uint32_t>(value);
}

Result<bool> TsvReader::flag() {
  const std::string_view value = field();
  if (value != "0" && value != "1") return refuse("is not 0 or 1");
  return value == "1";
}

}  // namespace penfield::formats
