#include "penfield/report/words/visible_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utf8proc.h>

#include <string>

#include "penfield/base/random.h"

namespace penfield::report {
namespace {

TEST(Visible, SpellsWhatHasNoInk) {
  EXPECT_EQ(visible("plain ·é 東京 🙂"), "plain ·é 東京 🙂");
  EXPECT_EQ(visible("\x1b[2J"), "\\u{1b}[2J");
  EXPECT_EQ(visible("a\nb\tc\x7f"), "a\\u{a}b\\u{9}c\\u{7f}");
  // NOLINTNEXTLINE(misc-misleading-bidirectional): an escape in this file
  EXPECT_EQ(visible("\u202eabc\u2066"), "\\u{202e}abc\\u{2066}");
  EXPECT_EQ(visible("\u009b31m"), "\\u{9b}31m") << "C1 control: an escape sequence in one byte pair";
  EXPECT_EQ(visible("a\u2028b\u00adc\ufeff"), "a\\u{2028}b\\u{ad}c\\u{feff}");
  EXPECT_EQ(visible("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(visible(std::string_view("\0", 1)), "\\u{0}");
  EXPECT_EQ(visible("👩\u200d🔬"), "👩\u200d🔬") << "joiners shape emoji and stay";
}

TEST(Visible, AnyBytesBecomeValidTextWithoutControls) {
  Random random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (std::uint64_t n = random.below(12); n > 0; --n) bytes += static_cast<char>(random.below(256));
    const std::string shown = visible(bytes);
    EXPECT_EQ(visible(shown), shown);
    for (std::size_t at = 0; at < shown.size();) {
      utf8proc_int32_t code = -1;
      const auto read = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(shown.data()) + at,
                                         static_cast<utf8proc_ssize_t>(shown.size() - at), &code);
      ASSERT_GT(read, 0);
      EXPECT_FALSE(code < 0x20 || (code >= 0x7f && code < 0xa0));
      at += static_cast<std::size_t>(read);
    }
    for (const char byte : to_ascii(shown)) EXPECT_TRUE(byte >= 0x20 && byte < 0x7f);
  }
}

TEST(ToAscii, HasWordsForPenfieldsOwnSigns) {
  EXPECT_EQ(to_ascii("β = −1.5 × 10"), "beta = -1.5 x 10");
  EXPECT_EQ(to_ascii("3.2×10⁻¹⁵, χ² ✓"), "3.2x10^-15, chi^2 yes");
  EXPECT_EQ(to_ascii("é"), "\\u{e9}");
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("abc"), 3u);
  EXPECT_EQ(display_width("東京"), 4u);
  EXPECT_EQ(display_width("🙂"), 2u);
  EXPECT_EQ(display_width("e\u0301"), 1u);
  EXPECT_EQ(display_width("·↵"), 2u);
}

TEST(PrefixOfWidth, EndsAtCharacters) {
  EXPECT_EQ(prefix_of_width("abc", 2), 2u);
  EXPECT_EQ(prefix_of_width("東京", 3), 3u);
  EXPECT_EQ(prefix_of_width("東京", 1), 3u) << "at least one character, or nothing would move on";
  EXPECT_EQ(prefix_of_width("e\u0301x", 1), 3u) << "a combining mark stays with its letter";
  EXPECT_EQ(prefix_of_width("", 4), 0u);
}

}  // namespace
}  // namespace penfield::report
