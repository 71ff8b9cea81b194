#include "penfield/spelling/characters.h"

#include <gtest/gtest.h>

#include <string>

namespace penfield::spelling {
namespace {

// What Python 3.11 makes of bytes.decode("utf-8", "replace"), as code points.
TEST(Characters, BrokenBytesAreReadAsPythonReadsThem) {
  const auto decoded = [](std::string_view bytes) {
    std::u32string out;
    while (!bytes.empty()) {
      const Character c = first_character(bytes);
      out += c.code_point;
      bytes.remove_prefix(c.n_bytes);
    }
    return out;
  };
  EXPECT_EQ(decoded("aé€😀"), U"aé€😀");
  EXPECT_EQ(decoded("\xC3"), U"\uFFFD");
  EXPECT_EQ(decoded("\x89"), U"\uFFFD");
  EXPECT_EQ(decoded("\xE2\x80"), U"\uFFFD");
  EXPECT_EQ(decoded("\xE2\x28\xA1"), U"\uFFFD(\uFFFD");
  EXPECT_EQ(decoded("\xF0\x9F\x98"), U"\uFFFD");
  EXPECT_EQ(decoded("\xF0\x9F\x98\x41"), U"\uFFFDA");
  EXPECT_EQ(decoded("\xED\xA0\x80"), U"\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(decoded("\xC0\xAF"), U"\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(decoded("\xE0\x80\x80"), U"\uFFFD\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(decoded("\xF4\x90\x80\x80"), U"\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
  EXPECT_EQ(decoded("\xF5\xFF"), U"\uFFFD\uFFFD");
  EXPECT_EQ(n_characters("\xE2\x80 é"), 3u);
  EXPECT_EQ(n_characters(""), 0u);
}

TEST(Characters, UpperCaseIsLuOrLt) {
  for (const char32_t c : U"AÉŠΑЯＡ𝐀ǅ") {
    if (c != 0) {
      EXPECT_TRUE(is_upper_case(c)) << static_cast<unsigned>(c);
    }
  }
  for (const char32_t c : U"aéßªʰ1.Ⓐ中\uFFFD") EXPECT_FALSE(is_upper_case(c)) << static_cast<unsigned>(c);
}

TEST(Characters, StripsWhatPythonStrips) {
  const Stripped s = strip(" \t\u00A0The\u2028end\u3000\n");
  EXPECT_EQ(s.leading, " \t\u00A0");
  EXPECT_EQ(s.text, "The\u2028end");
  EXPECT_EQ(s.trailing, "\u3000\n");
  EXPECT_EQ(strip(" \u2003 ").text, "");
  EXPECT_EQ(strip(" \u2003 ").leading, " \u2003 ");
  EXPECT_EQ(strip("").text, "");
  EXPECT_EQ(strip("\u200B").text, "\u200B");  // zero width space is no white space
  EXPECT_EQ(strip(" \xE2\x80").text, "\xE2\x80");

  int n_white_space = 0;
  for (char32_t c = 0; c < 0x110000; ++c) n_white_space += is_white_space(c);
  EXPECT_EQ(n_white_space, 29);  // sum(chr(c).isspace() for c in range(0x110000)) in Python 3.11
}

TEST(Characters, LineBreaks) {
  for (const std::string_view with : {"\n", " \r", "a\u2028b", "\u2029", "\u0085", "\v", "\f"}) {
    EXPECT_TRUE(has_line_break(with));
  }
  for (const std::string_view without : {"", " ", "\t", "\u00A0", "n", "\xE2\x80"})
    EXPECT_FALSE(has_line_break(without));
}

TEST(Characters, FoldedSpellingsCompareEqual) {
  EXPECT_EQ(fold("PaRis-2"), "paris-2");
  EXPECT_EQ(fold("STRASSE"), fold("Straße"));
  EXPECT_EQ(fold("ÉCOLE"), fold("e\u0301cole"));
  EXPECT_EQ(fold("ΣΊΣΥΦΟΣ"), fold("σίσυφος"));
  EXPECT_EQ(fold("O\u2019Neill"), "o'neill");
  EXPECT_EQ(fold("well\u2010known"), "well-known");
  EXPECT_NE(fold("resume"), fold("résumé"));
  EXPECT_EQ(fold("\xC3"), "\xC3");
  EXPECT_EQ(fold(""), "");
}

TEST(Characters, AHugeWordIsNotFolded) {
  const std::string longest = "\u00C9" + std::string(kMostFoldedBytes - 2, 'A');
  EXPECT_EQ(fold(longest), "\u00E9" + std::string(kMostFoldedBytes - 2, 'a'));
  EXPECT_EQ(fold(longest + "A"), longest + "A");
  EXPECT_EQ(fold(std::string(kMostFoldedBytes + 1, 'A')), std::string(kMostFoldedBytes + 1, 'a'))
      << "ASCII takes no longer a letter";
  std::string marks = "a", apostrophes;
  for (int i = 0; i < 1'000'000; ++i) {
    marks += i % 2 == 0 ? "\u0301" : "\u0316";
    apostrophes += "A\u2019";
  }
  EXPECT_EQ(fold(marks), marks);  // minutes where it is quadratic
  EXPECT_EQ(fold(apostrophes), apostrophes);
}

}  // namespace
}  // namespace penfield::spelling
