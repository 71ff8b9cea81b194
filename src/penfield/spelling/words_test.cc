#include "penfield/spelling/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace penfield::spelling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> whole_words(std::string_view text) {
  std::vector<std::string> out;
  for (const Word& w : words_of(text)) {
    out.emplace_back(text.substr(w.whole.begin_bytes, w.whole.end_bytes - w.whole.begin_bytes));
  }
  return out;
}

TEST(WordsOf, JoinsWhatBelongsTogether) {
  EXPECT_THAT(
      whole_words("Don't say 'Paris'—say well-known O\u2019Neill's 1990s, x--y e\u0301t\xCC\x81 a_b -5 '"),
      ElementsAre("Don't", "say", "Paris", "say", "well-known", "O\u2019Neill's", "1990s", "x", "y",
                  "e\u0301t\xCC\x81", "a", "b", "5"));
  EXPECT_THAT(whole_words(""), IsEmpty());
  EXPECT_THAT(whole_words(" .,-' \n"), IsEmpty());
  EXPECT_THAT(whole_words("a\xC3"), ElementsAre("a"));
}

TEST(BeginsSentence, AfterAMarkOrALineBreakOrNothing) {
  // The first capital letter of each text.
  const auto starts = [](const std::string& text) {
    return begins_sentence(text, text.find_first_of("ABC"));
  };
  for (const char* text : {"A", " \t A", "end. A", "end.A", "end? A", "end!  A", "end .\u00a0\u3000A",
                           "end\nA", "end,\nA", "end, \n A", "end\u2028A", "end\u0085 A", "...A"}) {
    EXPECT_TRUE(starts(text)) << text;
  }
  for (const char* text :
       {"end A", "end, A", "end: A", "end.\" A", "(A", "\"A", "end\u2026 A", "\u4eac A", "end. \"A"}) {
    EXPECT_FALSE(starts(text)) << text;
  }
}

// Not valid UTF-8, as a text has it that is cut anywhere: no byte is read beyond its ends.
TEST(BeginsSentence, CutCharactersAreNoWhiteSpace) {
  EXPECT_FALSE(begins_sentence("\x80\x80\x80\x80\x80 A", 6));
  EXPECT_FALSE(begins_sentence(".\xC2 A", 3));
  EXPECT_FALSE(begins_sentence(".\xA0 A", 3));
  EXPECT_TRUE(begins_sentence(".\xC2\xA0 A", 4));
}

}  // namespace
}  // namespace penfield::spelling
