#include "penfield/formats/tsv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "penfield/base/random.h"

namespace penfield::formats {
namespace {

using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(TsvNumber, IsShortest) {
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(0.1f), "0.1");
  EXPECT_EQ(format_number(static_cast<double>(0.1f)), "0.10000000149011612");
  EXPECT_EQ(format_number(-0.0), "-0");
  EXPECT_EQ(format_number(3.0), "3");
  EXPECT_EQ(format_number(1e300), "1e+300");
  EXPECT_EQ(format_number(std::nan("")), "");
  EXPECT_EQ(format_number(-std::nanf("")), "");
  EXPECT_EQ(format_number(kInfinity), "inf");
  EXPECT_EQ(format_number(-kInfinity), "-inf");
}

TEST(TsvNumber, ReadsBackAsTheSameNumber) {
  Random random(7);
  for (int i = 0; i < 100'000; ++i) {
    const auto value = std::bit_cast<double>(random.below(~std::uint64_t{0}));
    const auto back = parse_number(format_number(value));
    ASSERT_TRUE(back) << format_number(value);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(*back));
    } else {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(*back))
          << format_number(value);
    }
  }
  for (const double value : {5e-324, std::numeric_limits<double>::max(), -0.0, kInfinity, -kInfinity}) {
    EXPECT_EQ(parse_number(format_number(value)), value);
  }
}

TEST(TsvNumber, RefusesWhatIsNoNumber) {
  for (const char* text : {"-", "1 ", " 1", "+1", "1e", "NA", "nan", "NAN", "INF", "infinity", "0x10", "1,5",
                           "1e999", "--1", "."}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
  EXPECT_EQ(parse_number(".5"), 0.5);
  EXPECT_EQ(parse_unsigned("18446744073709551615"), ~std::uint64_t{0});
  for (const char* text : {"", "-1", "18446744073709551616", "1.0", " 1", "+1"})
    EXPECT_FALSE(parse_unsigned(text)) << text;
}

TEST(TsvText, IsQuotedWhereItMustBe) {
  const auto written = [](std::string_view text) {
    std::string field;
    append_field(field, text);
    EXPECT_EQ(unquote(field), text);
    return field;
  };
  EXPECT_EQ(written("·the, and\\n"), "·the, and\\n");
  EXPECT_EQ(written(""), "");
  EXPECT_EQ(written("\""), "\"\"\"\"");
  EXPECT_EQ(written("a\"b\""), "\"a\"\"b\"\"\"");
  for (const char* text : {"'", "#", "a\tb", "a\nb", "\r", "0", "-1.5e3", "."}) {
    const bool is_plain = std::string_view(text) == ".";
    EXPECT_EQ(written(text), is_plain ? text : "\"" + std::string(text) + "\"");
  }
  for (const char* field : {"\"", "\"a", "\"a\"b\"", "\"\"\""}) EXPECT_FALSE(unquote(field)) << field;
}

TEST(Tsv, WritesAndReadsRows) {
  std::string table = "name\tcount\tvalue\tshort\tflag\n";
  TsvWriter writer(table);
  writer.text("a\tb\n").number(3u).number(2.0).number(0.1f).flag(true).end_row();
  writer.text("").number(~std::uint64_t{0}).number(std::nan("")).number(-kInfinity).flag(false).end_row();
  EXPECT_EQ(
      table,
      "name\tcount\tvalue\tshort\tflag\n\"a\tb\n\"\t3\t2.0\t0.1\t1\n\t18446744073709551615\t\t-inf\t0\n");

  TsvReader reader(table, "t.tsv");
  ASSERT_TRUE(reader.header("name\tcount\tvalue\tshort\tflag"));
  ASSERT_TRUE(reader.next_row().value());
  EXPECT_EQ(reader.text().value(), "a\tb\n");
  EXPECT_EQ(reader.unsigned32().value(), 3u);
  EXPECT_EQ(reader.number().value(), 2.0);
  EXPECT_EQ(reader.field(), "0.1");
  EXPECT_TRUE(reader.flag().value());
  ASSERT_TRUE(reader.next_row().value());
  EXPECT_EQ(reader.text().value(), "");
  EXPECT_EQ(reader.unsigned_number().value(), ~std::uint64_t{0});
  EXPECT_TRUE(std::isnan(reader.number().value()));
  EXPECT_EQ(reader.number().value(), -kInfinity);
  EXPECT_FALSE(reader.flag().value());
  EXPECT_EQ(reader.line(), 4u);
  EXPECT_FALSE(reader.next_row().value());
}

TEST(Tsv, NamesFileLineAndColumn) {
  TsvReader reader("a\tb\n1\tx\n\"q\"r\"\t4294967296\n", "t.tsv");
  ASSERT_TRUE(reader.header("a\tb"));
  ASSERT_TRUE(reader.next_row().value());
  EXPECT_EQ(reader.number().value(), 1);
  EXPECT_EQ(reader.number().error().message, "t.tsv:2: column b: 'x' is not a number");
  ASSERT_TRUE(reader.next_row().value());
  EXPECT_THAT(reader.text().error().message, HasSubstr("t.tsv:3: column a: '\"q\"r\"' has a quote"));
  EXPECT_THAT(reader.unsigned32().error().message, HasSubstr("too large"));
}

TEST(Tsv, RefusesAnotherShape) {
  for (const char* table : {"", "a\tb", "a\tc\n", "a\n", "b\ta\n", "a\tb\r\n"}) {
    TsvReader reader(table, "t.tsv");
    EXPECT_EQ(reader.header("a\tb").error().kind, ErrorKind::kBadInput) << table;
  }
  for (const char* table : {"a\tb\n1\n", "a\tb\n1\t2\t3\n", "a\tb\n\n", "a\tb\n1\t2", "a\tb\n\"1\t2\n"}) {
    TsvReader reader(table, "t.tsv");
    ASSERT_TRUE(reader.header("a\tb"));
    EXPECT_THAT(reader.next_row().error().message, HasSubstr("t.tsv:2:")) << table;
  }
  TsvReader reader("a\n2\n", "t.tsv");
  ASSERT_TRUE(reader.header("a"));
  ASSERT_TRUE(reader.next_row().value());
  EXPECT_THAT(reader.flag().error().message, HasSubstr("is not 0 or 1"));
}

TEST(Tsv, AForeignTableHasABoundedNumberOfColumns) {
  std::string header = "c0";
  for (int i = 1; i < 4096; ++i) header += fmt::format("\tc{}", i);
  TsvReader most(header, "t.tsv");
  EXPECT_EQ(most.header()->size(), 4096u);
  header += "\tone more";
  TsvReader more(header, "t.tsv");
  const auto names = more.header();
  ASSERT_FALSE(names);
  EXPECT_THAT(names.error().message, HasSubstr("t.tsv:1: more than 4096 columns"));
}

}  // namespace
}  // namespace penfield::formats
