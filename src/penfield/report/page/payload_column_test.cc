// The digits against fmt's own, which the format names; the planes against bytes written down by hand.
#include "penfield/report/page/payload_column.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "penfield/base/random.h"

namespace penfield::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

// Value `row` of a column of n rows, its planes put together again.
std::uint64_t cell(const PayloadColumn& column, std::size_t n, std::size_t row) {
  std::uint64_t out = 0;
  for (std::size_t plane = 0; plane * n < column.bytes.size(); ++plane) {
    out |= std::uint64_t{static_cast<unsigned char>(column.bytes[plane * n + row])} << (8 * plane);
  }
  return out;
}

std::string fixed_text(const PayloadColumn& column, std::size_t n, std::size_t row) {
  const auto k = std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(cell(column, n, row)));
  std::string digits = fmt::format("{:0{}}", std::abs(std::int64_t{k}), column.digits + 1);
  digits.insert(digits.size() - static_cast<std::size_t>(column.digits), ".");
  return (k < 0 ? "-" : "") + digits;
}

std::string decimal_text(const PayloadColumn& column, std::size_t n, std::size_t row) {
  const std::uint64_t bytes = cell(column, n, row);
  const auto mantissa = std::bit_cast<std::int16_t>(static_cast<std::uint16_t>(bytes & 0xFFFF));
  const int exponent = std::bit_cast<std::int8_t>(static_cast<std::uint8_t>(bytes >> 16)) + column.digits - 1;
  std::string digits = std::to_string(std::abs(mantissa));
  if (column.digits > 1) digits.insert(1, ".");
  return fmt::format("{}{}e{}{:02}", mantissa < 0 ? "-" : "", digits, exponent < 0 ? '-' : '+',
                     std::abs(exponent));
}

std::vector<double> random_values(std::uint64_t seed, int largest_exponent) {
  Random random(seed);
  std::vector<double> out;
  for (int i = 0; i < 20'000; ++i) {
    const int exponent =
        static_cast<int>(random.below(2 * static_cast<std::uint64_t>(largest_exponent))) - largest_exponent;
    out.push_back((random.uniform() - 0.5) * std::pow(10.0, exponent));
  }
  // Halves: exact ties go to the even digit, and 2.675 is a little less than it looks.
  out.insert(out.end(),
             {0.5, 1.5, 2.5, -2.5, 0.125, 0.375, 2.675, 1.0005, 9.9995, 9999.5, -0.00049999, 1e-5});
  return out;
}

TEST(PayloadColumn, FixedDigitsAreThoseOfFmt) {
  const std::vector<double> values = random_values(1, 5);
  for (const int decimals : {2, 3}) {
    const PayloadColumn column = fixed_column("auc", values, decimals);
    ASSERT_EQ(column.type, ColumnType::kFixed);
    ASSERT_EQ(column.bytes.size(), 4 * values.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
      std::string expected = fmt::format("{:.{}f}", values[row], decimals);
      if (expected.starts_with('-') && expected.find_first_of("123456789") == std::string::npos)
        expected.erase(0, 1);
      ASSERT_EQ(fixed_text(column, values.size(), row), expected) << values[row];
    }
  }
}

TEST(PayloadColumn, DecimalDigitsAreThoseOfFmt) {
  const std::vector<double> values = random_values(2, 100);
  for (const int digits : {1, 3, 4}) {
    const PayloadColumn column = decimal_column("beta", values, digits);
    ASSERT_EQ(column.type, ColumnType::kDecimal);
    ASSERT_EQ(column.bytes.size(), 3 * values.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
      ASSERT_EQ(decimal_text(column, values.size(), row), fmt::format("{:.{}e}", values[row], digits - 1))
          << values[row];
    }
  }
}

TEST(PayloadColumn, NoValueAndZeroAreTold) {
  const std::vector<double> values = {kNone, 0.0, -0.0};
  const PayloadColumn fixed = fixed_column("auc", values, 3);
  EXPECT_EQ(cell(fixed, 3, 0), 0x80000000u);
  EXPECT_EQ(cell(fixed, 3, 1), 0u);
  EXPECT_EQ(cell(fixed, 3, 2), 0u);
  const PayloadColumn decimal = decimal_column("beta", values, 4);
  EXPECT_EQ(cell(decimal, 3, 0), 0x8000u);
  EXPECT_EQ(cell(decimal, 3, 1), 0u);
  EXPECT_EQ(cell(decimal, 3, 2), 0u);
}

TEST(PayloadColumn, WhatATypeCannotHoldComesInAWiderOne) {
  EXPECT_EQ(fixed_column("p", std::vector{1.0, 2'147'483.647}, 3).type, ColumnType::kFixed);
  const PayloadColumn wider = fixed_column("p", std::vector{1.0, 2'147'483.648}, 3);
  EXPECT_EQ(wider.type, ColumnType::kDecimal);
  EXPECT_EQ(wider.digits, 4);
  EXPECT_EQ(fixed_column("p", std::vector{1e300}, 3).type, ColumnType::kF64);
  EXPECT_EQ(fixed_column("p", std::vector{kInfinite, 1.0}, 3).type, ColumnType::kF64);
  EXPECT_EQ(decimal_column("beta", std::vector{1e-125}, 4).type, ColumnType::kDecimal);
  EXPECT_EQ(decimal_column("beta", std::vector{1e-126}, 4).type, ColumnType::kF64);
  EXPECT_EQ(decimal_column("beta", std::vector{5e-324, 1.0}, 3).type, ColumnType::kF64);
  EXPECT_EQ(decimal_column("beta", std::vector{-kInfinite}, 3).type, ColumnType::kF64);
}

TEST(PayloadColumn, PlanesHoldTheLowestBytesFirst) {
  using namespace std::string_literals;
  EXPECT_EQ(count_column("n", std::vector{1.0, 258.0}).bytes, "\x01\x02\x00\x01\x00\x00\x00\x00"s);
  // 1.0 is 3ff0000000000000, -2.0 is c000000000000000.
  EXPECT_EQ(double_column("z", std::vector{1.0, -2.0}).bytes, std::string(12, '\0') + "\xf0\x00\x3f\xc0"s);
  EXPECT_EQ(byte_column("status", std::vector{0.0, 6.0, 255.0}).bytes, "\x00\x06\xff"s);
}

TEST(PayloadColumn, CountsThatAreAllTheSameTakeNoByte) {
  const PayloadColumn same = count_column("n_target", std::vector{241.0, 241.0});
  EXPECT_EQ(same.type, ColumnType::kConst);
  EXPECT_EQ(same.value, 241);
  EXPECT_TRUE(same.bytes.empty());
  EXPECT_EQ(count_column("n_target", std::vector{1.0, 4294967295.0}).type, ColumnType::kU32);
  EXPECT_EQ(count_column("n_target", std::vector{1.0, 4294967296.0}).type, ColumnType::kF64);
  EXPECT_TRUE(std::isnan(count_column("n_target", {}).value));
}

}  // namespace
}  // namespace penfield::report
