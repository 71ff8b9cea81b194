// A column of numbers in the payload: few bytes a value, and exactly the digits that the page shows.
//
// A table of 98,304 units by 17 columns would be 13 MB as doubles. A `fixed` or `decimal` column stores
// the decimals nearest to the values, so that the page shows units.tsv to the digits shown, without a
// second rounding. Split into byte planes (all lowest bytes, then all second bytes, …), equal high bytes
// are adjacent, which makes the compressed block a third smaller. The format is web/PAYLOAD.md, section
// 4.
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
  std::string bytes = {};  // little-endian byte planes, the lowest bytes of all rows first; empty for kConst
};

// Values: one for each row; NaN means no value.
// Integers from 0 to 255.
[[nodiscard]] PayloadColumn byte_column(std::string_view name, std::span<const double> values);
[[nodiscard]] PayloadColumn double_column(std::string_view name, std::span<const double> values);
// Integers >= 0. kConst if all are equal, else kU32; doubles if one exceeds 2^32 − 1.
[[nodiscard]] PayloadColumn count_column(std::string_view name, std::span<const double> values);
// The decimal nearest to each value with `decimals` digits after the point, as formatted by "{:.{}f}". If one
// does not fit int32: a decimal column of kMaxDecimalDigits.
[[nodiscard]] PayloadColumn fixed_column(std::string_view name, std::span<const double> values, int decimals);
// The decimal nearest to each value with `digits` significant digits (1 … kMaxDecimalDigits), as formatted by
// "{:.{}e}". If one is infinite, or its power of ten does not fit int8: doubles.
[[nodiscard]] PayloadColumn decimal_column(std::string_view name, std::span<const double> values, int digits);

inline constexpr int kMaxDecimalDigits = 4;

}  // namespace penfield::report
