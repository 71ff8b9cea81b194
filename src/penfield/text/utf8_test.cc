#include "penfield/text/utf8.h"

#include <gtest/gtest.h>
#include <utf8proc.h>

#include "penfield/base/random.h"

namespace penfield::text {
namespace {

// What utf8proc, character by character, takes for valid.
std::size_t valid_prefix_by_utf8proc(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    utf8proc_int32_t code_point = -1;
    const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()) + at,
                                    static_cast<utf8proc_ssize_t>(bytes.size() - at), &code_point);
    if (n <= 0) return at;
    at += static_cast<std::size_t>(n);
  }
  return at;
}

std::string replaced(std::string_view bytes, std::uint64_t n_expected) {
  std::uint64_t n_bytes_replaced = 0;
  std::string text = replace_invalid(bytes, n_bytes_replaced);
  EXPECT_EQ(n_bytes_replaced, n_expected);
  return text;
}

TEST(Utf8, AgreesWithUtf8procOnEveryTwoBytesAndTheirContinuations) {
  const std::string tails[] = {
      "", "\x80", "\xBF", "\x80\x80", "\x80\xC0", "a", std::string("\x80") + "a", "\x80\x80\x80"};
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      for (const std::string& tail : tails) {
        const std::string bytes = std::string{static_cast<char>(first), static_cast<char>(second)} + tail;
        ASSERT_EQ(valid_prefix(bytes), valid_prefix_by_utf8proc(bytes)) << first << ' ' << second;
      }
    }
  }
}

TEST(Utf8, FindsTheFirstBrokenByteWhereverItStands) {
  const std::string whole = "plain ascii text, then é文😀 and ascii once more until the end";
  for (std::size_t n = 0; n <= whole.size(); ++n) {
    for (const char broken : {'\xFF', '\xC0', '\x80'}) {
      std::string bytes = whole;
      bytes.insert(n, 1, broken);
      ASSERT_EQ(valid_prefix(bytes), valid_prefix_by_utf8proc(bytes)) << n;
    }
    ASSERT_EQ(valid_prefix(whole.substr(0, n)), valid_prefix_by_utf8proc(whole.substr(0, n)));
  }
}

TEST(Utf8, AgreesWithUtf8procOnRandomBytes) {
  Random random(3);
  constexpr std::string_view kPieces[] = {"a",    "ascii ascii ", "é",    "文",          "😀",
                                          "\xE2", "\xF0\x9F",     "\x80", "\xED\xA0\x80"};
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string bytes;
    for (std::uint64_t n = random.below(12); n > 0; --n)
      bytes += kPieces[random.below(random.below(2) == 0 ? 5 : 9)];
    ASSERT_EQ(valid_prefix(bytes), valid_prefix_by_utf8proc(bytes));
  }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsTooLarge) {
  for (const std::string_view bytes :
       {"\xC0\xAF", "\xE0\x80\xAF", "\xF0\x80\x80\xAF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFE", "\xFF"}) {
    EXPECT_EQ(valid_prefix(bytes), 0u);
  }
  for (const std::string_view bytes : {"\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xEF\xBF\xBF"}) {
    EXPECT_EQ(valid_prefix(bytes), bytes.size());
  }
}

// The examples of Unicode 15.0, 3.9, tables 3-8 to 3-11.
TEST(Utf8, ReplacesMaximalPartsAsUnicodeAdvises) {
  const std::string r = "\uFFFD";
  EXPECT_EQ(replaced("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", 8), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(replaced("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", 8), r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(replaced("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", 7), r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(replaced("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 8), r + r + r + r + "A");
  EXPECT_EQ(replaced("whole é", 0), "whole é");
  EXPECT_EQ(replaced("", 0), "");
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(n_code_points(""), 0u);
  EXPECT_EQ(n_code_points("aé文😀"), 4u);
  EXPECT_EQ(n_code_points("e\u0301"), 2u);
}

}  // namespace
}  // namespace penfield::text
