// Tab-separated tables: numbers in shortest round-trip form, NA for no value, and escaped texts of any
// bytes.
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

// The shortest decimal that reads back as the same number (std::to_chars); NaN: "NA"; infinities: "inf",
// "-inf".
[[nodiscard]] std::string format_number(double value);
[[nodiscard]] std::string format_number(float value);
void append_number(std::string& out, double value);
void append_number(std::string& out, float value);
void append_number(std::string& out, std::uint64_t value);

// Writes tab, newline, carriage return and backslash as \t \n \r \\, and every other byte unchanged.
void append_escaped(std::string& out, std::string_view text);
// The inverse; std::nullopt if a backslash precedes anything else or is the last character.
[[nodiscard]] std::optional<std::string> unescape(std::string_view field);

// The whole of `text` as a finite number or "inf", "-inf", "NA" (NaN); std::nullopt otherwise.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_unsigned(std::string_view text);

// Appends rows to a buffer of the caller.
class TsvWriter {
 public:
  explicit TsvWriter(std::string& out) : out_(&out) {}

  TsvWriter& text(std::string_view value);
  TsvWriter& number(double value);
  TsvWriter& number(float value);
  template <std::unsigned_integral T>
  TsvWriter& number(T value) {
    separate();
    append_number(*out_, static_cast<std::uint64_t>(value));
    return *this;
  }
  TsvWriter& flag(bool value) { return number(value ? 1u : 0u); }
  void end_row();

 private:
  void separate();
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
  // Advances to the next row; false after the last. kBadInput: a row with too few or too many fields, or
  // without a newline.
  [[nodiscard]] Result<bool> next_row();

  // The next field of the row; there are as many as the header has.
  [[nodiscard]] Result<std::string> text();
  [[nodiscard]] Result<double> number();
  [[nodiscard]] Result<std::uint64_t> unsigned_number();
  [[nodiscard]] Result<std::uint32_t> unsigned32();
  [[nodiscard]] Result<bool> flag();       // 0 or 1
  [[nodiscard]] std::string_view field();  // unchanged from the file

  // The error for the last field read: "<name>:<line>: column <column>: '<field>' <why>".
  [[nodiscard]] tl::unexpected<Error> refuse(std::string_view why) const;
  [[nodiscard]] std::uint64_t line() const { return line_; }

 private:
  std::string_view rest_;
  std::string_view name_;
  std::vector<std::string_view> columns_;
  std::vector<std::string_view> fields_;
  std::size_t next_field_ = 0;
  std::uint64_t line_ = 0;
};

}  // namespace penfield::formats
