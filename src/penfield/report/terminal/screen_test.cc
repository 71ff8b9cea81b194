#include "penfield/report/terminal/screen.h"

#include <gtest/gtest.h>

namespace penfield::report {
namespace {

TEST(Screen, TextIsSafeAndPlainWhereAsked) {
  EXPECT_EQ(Screen({.utf8 = true}).text("β\x1b"), "β\\u{1b}");
  EXPECT_EQ(Screen({.utf8 = false}).text("β −1"), "beta -1");
}

TEST(Screen, PaintsOnlyInColour) {
  EXPECT_EQ(Screen({.color = false}).paint("x", Paint::kBold), "x");
  EXPECT_EQ(Screen({.color = true}).paint("x", Paint::kBold), "\x1b[1mx\x1b[0m");
  EXPECT_EQ(Screen({.color = true}).paint("x", Paint::kPlain), "x");
  EXPECT_EQ(Screen({.color = true}).paint_heat("x", {1, 2, 3}, "4"),
            "\x1b[4;38;2;20;20;20;48;2;1;2;3mx\x1b[0m");
}

TEST(Screen, PaintsWithTheColoursOfTheTerminal) {
  const Screen of_256({.color = true, .palette = Palette::k256});
  EXPECT_EQ(of_256.paint_heat("x", heat_step_colour(kHeatSteps), ""), "\x1b[38;5;16;48;5;172mx\x1b[0m")
      << "orange";
  EXPECT_EQ(of_256.paint_heat("x", {255, 255, 255}, "4"), "\x1b[4;38;5;16;48;5;231mx\x1b[0m");
  const Screen of_16({.color = true, .palette = Palette::k16});
  EXPECT_EQ(of_16.paint_heat("x", heat_step_colour(kHeatSteps), "4"), "\x1b[4;30;43mx\x1b[0m");
  EXPECT_EQ(of_16.paint_heat("x", heat_step_colour(-kHeatSteps), ""), "\x1b[97;44mx\x1b[0m");
  EXPECT_EQ(of_16.paint_heat("x", {255, 255, 255}, ""), "x") << "white is the terminal's own background";
  EXPECT_EQ(of_16.paint("x", Paint::kNegative), "\x1b[34mx\x1b[0m");
}

TEST(Screen, WrapsAtSpaces) {
  const Screen screen({.width = 10});
  EXPECT_EQ(screen.wrap("one two three four"), "one two\nthree four\n");
  EXPECT_EQ(screen.wrap("one two three", "- "), "- one two\n  three\n");
  EXPECT_EQ(screen.wrap("abcdefghijklm"), "abcdefghij\nklm\n") << "a longer word is cut";
  EXPECT_EQ(screen.wrap("東京東京東京 a"), "東京東京東\n京 a\n") << "wide characters take two columns";
  EXPECT_EQ(screen.wrap(""), "\n");
  EXPECT_EQ(screen.wrap("a  b"), "a b\n");
}

TEST(Screen, NoBreakSpacesHoldWordsTogetherAndAreThenPlain) {
  EXPECT_EQ(Screen({.width = 10}).wrap("so now p\u00a0=\u00a00.1"), "so now\np = 0.1\n");
  EXPECT_EQ(Screen({.width = 10, .utf8 = false}).wrap("so now p\u00a0=\u00a00.1"), "so now\np = 0.1\n");
}

TEST(Screen, AHugeWordTakesLinearTime) {
  const std::size_t n = 4'000'000;
  const Screen screen({.width = 80});
  EXPECT_EQ(screen.wrap(std::string(n, 'x')).size(), n + n / 80);  // minutes where it is quadratic
  std::string spaces;
  for (std::size_t i = 0; i < n; ++i) spaces += "\u00a0";
  EXPECT_EQ(screen.wrap(spaces).size(), n + n / 80);
}

TEST(Pad, CountsColumns) {
  EXPECT_EQ(pad_left("東", 4), "  東");
  EXPECT_EQ(pad_right("é", 3), "é  ");
  EXPECT_EQ(pad_left("long", 2), "long");
}

}  // namespace
}  // namespace penfield::report
