// Tab-separated tables in the form that pandas, R's read.delim, polars, DuckDB and sqlite3 read with their
// defaults: an empty field for no value, numbers in shortest round-trip form, and texts of any bytes, in
// double quotes where they need them (RFC 4180 with tabs for commas).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"

namespace penfield::formats {

// The shortest decimal that reads back as the same number (std::to_chars); NaN: empty; infinities: "inf",
// "-inf".
[[nodiscard]] std::string format_number(double value);
[[nodiscard]] std::string format_number(float value);
void append_number(std::string& out, double value);
void append_number(std::string& out, float value);
void append_number(std::string& out, std::uint64_t value);

// A field's text. It is put in double quotes, and quotes in it are doubled, if it holds a tab, a line break,
// a quote of either kind or #, which some readers treat alike, or if it reads as a number: polars decides by
// the first rows whether a column holds numbers, and never takes a quoted field for one.
void append_field(std::string& out, std::string_view text);
// The inverse; std::nullopt if a quote is not closed, or is neither doubled nor at an end of the field.
[[nodiscard]] std::optional<std::string> unquote(std::string_view field);

// The whole of `text` as a finite number or "inf", "-inf"; NaN if it is empty; std::nullopt otherwise.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_unsigned(std::string_view text);

// Appends rows to a buffer of the caller.
class TsvWriter {
 public:
  explicit TsvWriter(std::string& out) : out_(&out) {}

  TsvWriter& text(std::string_view value);
  // With a decimal point or an exponent, also where it is whole: polars takes a column whose first 100 values
  // have neither for integers, and refuses the file where one follows that has.
  TsvWriter& number(double value);
  TsvWriter& number(float value);
  template <std::unsigned_integral T>
  TsvWriter& number(T value) {
    separate();
    append_number(*out_, static_cast<std::uint64_t>(value));
    return *this;
  }
  TsvWriter& flag(bool value) { return number(value ? 1u : 0u); }
  TsvWriter& nothing();
  void end_row();

 private:
  void separate();
  template <class Number>
  TsvWriter& floating(Number value);
  std::string* out_;
  bool in_row_ = false;
};

// Reads a table that is in memory, row by row, field by field from the left. Errors name file, line and
// column: "units.tsv:12: column beta: 'abc' is not a number".
class TsvReader {
 public:
  // Both are borrowed. name: what errors call the file.
  TsvReader(std::string_view bytes, std::string_view name) : rest_(bytes), name_(name) {}

  // The first line must be exactly `expected`; it also says how many fields a row has.
  [[nodiscard]] Result<void> header(std::string_view expected);
  // A table of another program: any first line. Returns the names of its columns; lines may then end in CR
  // LF, and the last one without either. kBadInput: no line, or a name that is empty or stands twice.
  [[nodiscard]] Result<std::vector<std::string>> header();
  // Advances to the next row; false after the last. kBadInput: a row with too few or too many fields, or
  // without a newline. A quoted field may hold newlines.
  [[nodiscard]] Result<bool> next_row();

  // The next field of the row; there are as many as the header has.
  [[nodiscard]] Result<std::string> text();
  [[nodiscard]] Result<double> number();
  [[nodiscard]] Result<std::uint64_t> unsigned_number();
  [[nodiscard]] Result<std::uint32_t> unsigned32();
  [[nodiscard]] Result<bool> flag();       // 0 or 1
  [[nodiscard]] std::string_view field();  // a word: without the quotes around it

  // The error for the last field read: "<name>:<line>: column <column>: '<field>' <why>".
  [[nodiscard]] tl::unexpected<Error> refuse(std::string_view why) const;
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  // Takes one field off rest_, with its quotes, and the tab or newline after it. False: the file ends in it.
  [[nodiscard]] bool take_field(std::string_view& field, char& end);

  std::string_view rest_;
  std::string_view name_;
  std::vector<std::string_view> columns_;
  std::vector<std::string_view> fields_;
  std::size_t next_field_ = 0;
  bool is_foreign_ = false;    // of another program
  std::uint64_t line_ = 0;     // in which the row begins
  std::uint64_t n_lines_ = 1;  // of the row
};

}  // namespace penfield::formats
