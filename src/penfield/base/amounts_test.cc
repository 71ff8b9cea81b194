#include "penfield/base/amounts.h"

#include <gtest/gtest.h>

namespace penfield {
namespace {

TEST(Amounts, Bytes) {
  EXPECT_EQ(parse_bytes("8G"), std::uint64_t{8} << 30);
  EXPECT_EQ(parse_bytes("1.5KiB"), 1536u);
  EXPECT_EQ(parse_bytes("4096"), 4096u);
  for (const char* text : {"", "G", "-1G", "0", "8X", "1e300G", "nan", "inf", "8 G"}) {
    ASSERT_FALSE(parse_bytes(text)) << text;
    EXPECT_EQ(parse_bytes(text).error().kind, ErrorKind::kUsage);
  }
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1'500'000'000), "1.4 GiB");
  EXPECT_EQ(format_bytes(344'000'000), "328 MiB");
  EXPECT_EQ(format_bytes((1 << 20) - 1), "1.0 MiB");
  for (const std::string text : {"512 B", "4 KiB", "64 MiB", "8 GiB", "2 TiB"}) {
    std::string argument = text;
    std::erase(argument, ' ');
    EXPECT_EQ(format_bytes(parse_bytes(argument).value()), text);
  }
}

TEST(Amounts, WritesTimesForPeople) {
  EXPECT_EQ(format_seconds(0.04), "0.0 s");
  EXPECT_EQ(format_seconds(9.94), "9.9 s");
  EXPECT_EQ(format_seconds(9.96), "10 s");
  EXPECT_EQ(format_seconds(59.4), "59 s");
  EXPECT_EQ(format_seconds(59.6), "1 min 00 s");
  EXPECT_EQ(format_seconds(200), "3 min 20 s");
  EXPECT_EQ(format_seconds(3599.6), "1 h 00 min");
  EXPECT_EQ(format_seconds(7500), "2 h 05 min");
}

TEST(Amounts, Layers) {
  using Layers = std::vector<std::uint32_t>;
  EXPECT_EQ(parse_layers("all", 3), (Layers{0, 1, 2}));
  EXPECT_EQ(parse_layers("18", 24), (Layers{18}));
  EXPECT_EQ(parse_layers("23,0-2,1", 24), (Layers{0, 1, 2, 23}));
  for (const char* text : {"", "x", "3-1", "24", "0-24", "1,,2", "-1", "1-", "4294967296"}) {
    ASSERT_FALSE(parse_layers(text, 24)) << text;
    EXPECT_EQ(parse_layers(text, 24).error().kind, ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace penfield
