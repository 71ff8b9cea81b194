// A column of numbers as the page takes it: few bytes a value, and exactly the digits that it is to show.
//
// A table of 98,304 units by 17 columns would be 13 MB as doubles. A `fixed` or `decimal` column keeps the
// decimals nearest to the values, so that what the page shows equals units.tsv to the digits shown; no second
// rounding happens there. Cut into byte planes (all lowest bytes, then all second bytes, …), equal high bytes
// lie side by side, which makes the compressed block a third smaller. The format is web/PAYLOAD.md,
// section 4.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penfield::report {

enum class ColumnType : std::uint8_t { kConst, kU8, kU32, kF64, kFixed, kDecimal };

struct PayloadColumn {
  std::string name;
  ColumnType type = ColumnType::kConst;
  int digits = 0;  // kFixed: behind the point; kDecimal: significant ones
  double value = std::numeric_limits<double>::quiet_NaN();  // kConst: of all rows
  std::string bytes = {};  // little-endian, in planes: all rows' lowest bytes first; empty for kConst
};

// Values are one a row; NaN is no value.
// Whole numbers from 0 to 255.
[[nodiscard]] PayloadColumn byte_column(std::string_view name, std::span<const double> values);
[[nodiscard]] PayloadColumn double_column(std::string_view name, std::span<const double> values);
// Whole numbers from 0 on. kConst where all are the same, else kU32; doubles where one is beyond 2^32 − 1.
[[nodiscard]] PayloadColumn count_column(std::string_view name, std::span<const double> values);
// The decimal nearest to each value with so many digits behind the point, as "{:.{}f}" writes it. Where one
// of them is beyond int32: a decimal column of kMaxDecimalDigits.
[[nodiscard]] PayloadColumn fixed_column(std::string_view name, std::span<const double> values, int decimals);
// The decimal nearest to each value with so many significant digits, as "{:.{}e}" writes it, 1 …
// kMaxDecimalDigits. Where one of them is infinite, or its power of ten beyond int8: doubles.
[[nodiscard]] PayloadColumn decimal_column(std::string_view name, std::span<const double> values, int digits);

inline constexpr int kMaxDecimalDigits = 4;

}  // namespace penfield::report
