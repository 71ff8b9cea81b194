#include "penfield/report/words/token_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

namespace penfield::report {
namespace {

using store::WindowToken;
using testing::ElementsAre;
using testing::IsEmpty;

// Tokens separated by spaces, of one window; a target has a * behind it, and "∅" has no text.
std::vector<WindowToken> window_of(const std::string& shown, std::uint32_t window = 0) {
  std::vector<WindowToken> out;
  for (std::size_t begin = 0, end = 0; begin < shown.size(); begin = end + 1) {
    end = std::min(shown.find(' ', begin), shown.size());
    std::string token = shown.substr(begin, end - begin);
    const bool is_target = token.ends_with('*');
    if (is_target) token.pop_back();
    if (token == "∅") token.clear();
    out.push_back({.document = window,
                   .window = window,
                   .position = static_cast<std::uint32_t>(out.size()),
                   .token = token,
                   .is_target = is_target});
  }
  return out;
}

// One letter a token: T target, t piece of one, S sentence, C capital, p punctuation, n number, c
// continuation, w word, - none.
std::string kinds_of(const std::vector<WindowToken>& tokens) {
  std::string out;
  for (const auto& kind : token_kinds(tokens))
    out += kind ? std::string_view("TtSCpncw")[static_cast<std::size_t>(*kind)] : '-';
  return out;
}

TEST(TokenKinds, AreExclusiveAndInOrder) {
  EXPECT_EQ(kinds_of(window_of("The ·surge on ·Wil der* ’s ·work ·in ·Mont real* .")), "SwctTcwwtTp");
  EXPECT_EQ(kinds_of(window_of("A ·b ! ·so ·I ·am ·19 28 ,")), "SwpSCwnnp");
  EXPECT_EQ(kinds_of(window_of("x ↵ y ⇥ Mac Do nald")), "SpSpCCc");
  EXPECT_EQ(kinds_of(window_of("It ·is ·a* ·word . ·A* 's")), "SwTwpTc");
}

TEST(TokenKinds, ReadWhatIsShownInPlaceOfBytes) {
  EXPECT_EQ(kinds_of(window_of("a \\u00A0 b \\u{E0001} c")), "Spwpw");            // neither letters nor words
  EXPECT_EQ(kinds_of(window_of("a . \\u{E0001} ·so . \\u200B ·it")), "SppSppS");  // nothing of it is left
  EXPECT_EQ(kinds_of(window_of("a · 東京 ∅ ·ほ")), "Spw-w");
}

TEST(TokenKinds, AWindowAndADocumentBeginAnew) {
  std::vector<WindowToken> tokens = window_of("one ·two");
  for (const WindowToken& token : window_of("three ·four*", 1)) tokens.push_back(token);
  EXPECT_EQ(kinds_of(tokens), "SwST");
  EXPECT_THAT(token_kinds({}), IsEmpty());
}

// 400 tokens: the target "Ada", a capital, a comma, then words, whose values fall from left to right.
struct Planted {
  std::vector<WindowToken> tokens;
  std::vector<float> values;
};

Planted planted() {
  std::string text = "start";
  for (int i = 0; i < 30; ++i) text += " ·Ada*";
  for (int i = 0; i < 9; ++i) text += " ·Big";
  for (int i = 0; i < 2; ++i) text += " ,";
  text += " . ·now";
  while (std::count(text.begin(), text.end(), ' ') < 400) text += " ·and";
  Planted out{window_of(text), {}};
  out.values.resize(out.tokens.size());
  std::iota(out.values.rbegin(), out.values.rend(), 0.0f);
  return out;
}

TEST(TallySentence, CountsThePlantedKindsOfTheStrongestTokens) {
  const Planted text = planted();
  ASSERT_EQ(text.tokens.size(), 401u);
  // The first token of the window has the greatest value and is left out.
  EXPECT_EQ(
      tally_sentence(text.tokens, text.values, 1),
      "Of its 40 strongest tokens, 30 are targets, 9 are other capitals and 1 is punctuation; 8% of all "
      "400 tokens are targets.");
  std::vector<float> opposite = text.values;
  for (float& value : opposite) value = -value;
  EXPECT_EQ(tally_sentence(text.tokens, opposite, -1),
            "Of its 40 weakest tokens, 30 are targets, 9 are other capitals and 1 is punctuation; 8% of all "
            "400 tokens are targets.");
  EXPECT_EQ(tally_sentence(text.tokens, text.values, -1),
            "Of its 40 weakest tokens, 40 are other words; 8% of all 400 tokens are targets.");
}

TEST(TallySentence, TakesTheFirstOfEqualValuesAndLeavesOutMissingOnes) {
  Planted text = planted();
  std::fill(text.values.begin(), text.values.end(), 1.0f);
  const std::string first = tally_sentence(text.tokens, text.values, 1);
  EXPECT_THAT(first, testing::HasSubstr("30 are targets, 9 are other capitals and 1 is punctuation;"));
  for (int t = 1; t <= 10; ++t) text.values[t] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(tally_sentence(text.tokens, text.values, 1),
            "Of its 39 strongest tokens, 20 are targets, 1 begins a sentence, 9 are other capitals, 3 are "
            "punctuation and 6 are other words; 5% of all 390 tokens are targets.");
}

TEST(TallySentence, IsEmptyWithoutValuesOrWithFewTokens) {
  const Planted text = planted();
  EXPECT_EQ(tally_sentence(text.tokens, {}, 1), "");
  EXPECT_EQ(tally_sentence(std::span(text.tokens).first(10), std::span(text.values).first(10), 1), "");
  EXPECT_NE(tally_sentence(std::span(text.tokens).first(11), std::span(text.values).first(11), 1), "");
}

TEST(TallySentence, HasAtMostAHundred) {
  std::string text = "x";
  for (int i = 0; i < 2000; ++i) text += " ·and";
  const std::vector<WindowToken> tokens = window_of(text);
  EXPECT_THAT(
      tally_sentence(tokens, std::vector<float>(tokens.size()), 0),
      testing::StartsWith("Of its 100 strongest tokens, 100 are other words; 0% of all 2,000 tokens"));
}

}  // namespace
}  // namespace penfield::report
