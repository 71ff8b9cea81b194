#include "penfield/tokens/show_token.h"

#include <gmock/gmock.h>

namespace penfield::tokens {
namespace {

using testing::ElementsAre;

TEST(ShowToken, MakesWhiteSpaceVisible) {
  EXPECT_EQ(show_token(" Royal"), "·Royal");
  EXPECT_EQ(show_token(" \n"), "·↵");
  EXPECT_EQ(show_token("\t"), "⇥");
  EXPECT_EQ(show_token("\u00A0\u2028\u3000"), "\\u00A0\\u2028\\u3000");
}

TEST(ShowToken, LeavesNoControlCharacter) {
  EXPECT_EQ(show_token(std::string_view("\0\x1B[31m\r\x7F", 8)), "␀␛[31m␍␡");
  EXPECT_EQ(show_token("\u0085\u009B"), "\\u0085\\u009B");
  // NOLINTNEXTLINE(misc-misleading-bidirectional): the characters that must not reach a terminal
  EXPECT_EQ(show_token("\u202E\u200D\uFEFF"), "\\u202E\\u200D\\uFEFF");
  EXPECT_EQ(show_token("\U000E0067"), "\\u{E0067}");
}

TEST(ShowToken, ShowsIncompleteBytesInHex) {
  EXPECT_EQ(show_token("\xE2"), "‹E2›");
  EXPECT_EQ(show_token(" \xF0\x9F"), "·‹F0›‹9F›");
  EXPECT_EQ(show_token("\x80"
                       "a"),
            "‹80›a");
  EXPECT_EQ(show_token(""), "");
}

TEST(ShowToken, ShowsOtherTextAsItIs) {
  EXPECT_EQ(show_token("naïve文😀<b>"), "naïve文😀<b>");
}

// A stream whose tokens end at the given bytes of `text`.
TokenStream stream_of(const std::vector<std::uint64_t>& ends) {
  TokenStream stream;
  std::uint64_t begin = 0;
  for (const std::uint64_t end : ends) {
    stream.ids.push_back(TokenId{0});
    stream.begin_bytes.push_back(begin);
    stream.end_bytes.push_back(end);
    begin = end;
  }
  stream.document_first = {0, ends.size()};
  return stream;
}

text::Document document_of(std::string text) {
  text::Document document;
  document.row_end_bytes = {text.size()};
  document.text = std::move(text);
  return document;
}

TEST(ShowTokens, JoinsThePartsOfACharacterInTheTokenInWhichItBegins) {
  const text::Document document = document_of("a 😀b");  // bytes: a, space, F0 9F 98 80, b
  const TokenStream stream = stream_of({1, 3, 4, 5, 7});
  EXPECT_THAT(show_tokens(stream, document, 0, 5), ElementsAre("a", "·😀", "", "", "b"));
  EXPECT_THAT(show_tokens(stream, document, 0, 2), ElementsAre("a", "·😀"));
}

TEST(ShowTokens, AWindowThatBeginsInsideACharacterShowsItFirst) {
  const text::Document document = document_of("😀b");
  const TokenStream stream = stream_of({1, 2, 3, 5});
  EXPECT_THAT(show_tokens(stream, document, 1, 3), ElementsAre("😀", "", "b"));
  EXPECT_THAT(show_tokens(stream, document, 3, 1), ElementsAre("😀b"));
  EXPECT_THAT(show_tokens(stream, document, 4, 0), ElementsAre());
}

TEST(ShowTokens, OneTokenMayEndOneCharacterAndBeginTheNext) {
  const text::Document document = document_of("éü");  // C3 A9 C3 BC
  EXPECT_THAT(show_tokens(stream_of({1, 3, 4}), document, 0, 3), ElementsAre("é", "ü", ""));
}

}  // namespace
}  // namespace penfield::tokens
