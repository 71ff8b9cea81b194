#include "sizes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::floors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string lines(std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += "  x;\n";
  return out;
}

TEST(Sizes, FunctionsAreMeasuredFromTheirNameToTheirEnd) {
  const std::string fits =
      "namespace a {\n\n// A comment.\nvoid f(int a,\n       int b) {\n" + lines(57) + "}\n";
  EXPECT_THAT(check_lengths({"a/b.cc", fits + fits + "}  // namespace a\n"}), IsEmpty());
  EXPECT_THAT(check_lengths({"a/b.cc", "int y;\nvoid f() {\n" + lines(59) + "}\n"}),
              ElementsAre("a/b.cc:2: a function of 61 lines; at most 60"));
  EXPECT_THAT(check_lengths({"a/b.cc", "struct A {\n" + lines(100) + "};\n"}), IsEmpty());
}

TEST(Sizes, FilesAndRoomsHaveALimit) {
  EXPECT_THAT(check_lengths({"a/b.cc", lines(400)}), IsEmpty());
  EXPECT_THAT(check_lengths({"a/b.cc", lines(401)}),
              ElementsAre("a/b.cc: 401 lines; a file has at most 400"));
  const Rules rules = parse_rules("base 0\nbase/inner 0\n").value();
  std::vector<Source> sources;
  for (const char* path : {"base/a.cc", "base/a_test.cc", "base/b_for_tests.h", "base/inner/c.cc"})
    sources.push_back({path, lines(2000)});
  EXPECT_THAT(check_room_lengths(rules, sources), IsEmpty());
  sources.push_back({"base/d.h", lines(1501)});
  EXPECT_THAT(check_room_lengths(rules, sources),
              ElementsAre("base: 3501 lines without tests; a room has at most 3500"));
}

}  // namespace
}  // namespace penfield::floors
