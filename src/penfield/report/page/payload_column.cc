#include "penfield/report/page/payload_column.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <optional>
#include <type_traits>

#include "penfield/base/check.h"

namespace penfield::report {
namespace {

constexpr std::int32_t kNoFixed = std::numeric_limits<std::int32_t>::min();
constexpr std::int16_t kNoMantissa = std::numeric_limits<std::int16_t>::min();

// Byte `plane` of every value, lowest first.
template <class Unsigned>
void append_planes(std::string& out, const std::vector<Unsigned>& values) {
  static_assert(std::is_unsigned_v<Unsigned>);
  for (std::size_t plane = 0; plane < sizeof(Unsigned); ++plane) {
    for (const Unsigned value : values) out += static_cast<char>(value >> (8 * plane));
  }
}

// The digits of a finite value, written by the C++ library's exact conversion: correctly rounded, as fmt's
// is.
struct Digits {
  std::int64_t mantissa = 0;  // all digits, without their point, with the sign
  int exponent = 0;           // what stands behind the e; 0 where there is none
};

std::optional<Digits> digits_of(double value, std::chars_format format, int precision) {
  char text[512];  // -1.8e308 with three decimals has 314 characters
  const auto [end, error] = std::to_chars(std::begin(text), std::end(text), value, format, precision);
  PENFIELD_CHECK(error == std::errc());
  const char* const e = std::find(text, end, 'e');
  char* const mantissa_end = std::remove(text, text + (e - text), '.');
  Digits out;
  if (std::from_chars(text, mantissa_end, out.mantissa).ec != std::errc()) return std::nullopt;
  // from_chars takes no plus sign.
  if (e != end) std::from_chars(e + (e[1] == '+' ? 2 : 1), end, out.exponent);
  return out;
}

}  // namespace

PayloadColumn byte_column(std::string_view name, std::span<const double> values) {
  PayloadColumn out{.name = std::string(name), .type = ColumnType::kU8};
  for (const double value : values) out.bytes += static_cast<char>(static_cast<std::uint8_t>(value));
  return out;
}

PayloadColumn double_column(std::string_view name, std::span<const double> values) {
  PayloadColumn out{.name = std::string(name), .type = ColumnType::kF64};
  std::vector<std::uint64_t> bits(values.size());
  std::ranges::transform(values, bits.begin(),
                         [](double value) { return std::bit_cast<std::uint64_t>(value); });
  append_planes(out.bytes, bits);
  return out;
}

PayloadColumn count_column(std::string_view name, std::span<const double> values) {
  PayloadColumn out{.name = std::string(name), .type = ColumnType::kConst};
  if (values.empty()) return out;
  const auto [least, most] = std::ranges::minmax(values);
  if (least == most) {
    out.value = least;
    return out;
  }
  if (most > std::numeric_limits<std::uint32_t>::max()) {
    return double_column(name, values);
  }
  out.type = ColumnType::kU32;
  append_planes(out.bytes, std::vector<std::uint32_t>(values.begin(), values.end()));
  return out;
}

PayloadColumn fixed_column(std::string_view name, std::span<const double> values, int decimals) {
  PayloadColumn out{.name = std::string(name), .type = ColumnType::kFixed, .digits = decimals};
  std::vector<std::uint32_t> cells;
  cells.reserve(values.size());
  for (const double value : values) {
    std::int32_t cell = kNoFixed;
    if (!std::isnan(value)) {
      const auto digits =
          std::isinf(value) ? std::nullopt : digits_of(value, std::chars_format::fixed, decimals);
      if (!digits || std::abs(digits->mantissa) > std::numeric_limits<std::int32_t>::max()) {
        return decimal_column(name, values, kMaxDecimalDigits);
      }
      cell = static_cast<std::int32_t>(digits->mantissa);
    }
    cells.push_back(static_cast<std::uint32_t>(cell));
  }
  append_planes(out.bytes, cells);
  return out;
}

PayloadColumn decimal_column(std::string_view name, std::span<const double> values, int digits) {
  PENFIELD_CHECK(digits >= 1 && digits <= kMaxDecimalDigits);
  PayloadColumn out{.name = std::string(name), .type = ColumnType::kDecimal, .digits = digits};
  std::vector<std::uint16_t> mantissas;
  std::vector<std::uint8_t> exponents;
  mantissas.reserve(values.size());
  exponents.reserve(values.size());
  for (const double value : values) {
    Digits cell{.mantissa = std::isnan(value) ? kNoMantissa : 0};
    if (std::isinf(value)) return double_column(name, values);
    if (!std::isnan(value) && value != 0) {
      cell = *digits_of(value, std::chars_format::scientific, digits - 1);
      cell.exponent -= digits - 1;
      if (cell.exponent < std::numeric_limits<std::int8_t>::min() ||
          cell.exponent > std::numeric_limits<std::int8_t>::max()) {
        return double_column(name, values);
      }
    }
    mantissas.push_back(static_cast<std::uint16_t>(cell.mantissa));
    exponents.push_back(static_cast<std::uint8_t>(cell.exponent));
  }
  append_planes(out.bytes, mantissas);
  append_planes(out.bytes, exponents);
  return out;
}

}  // namespace penfield::report
