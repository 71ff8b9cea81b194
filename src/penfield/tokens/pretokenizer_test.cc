#include "penfield/tokens/pretokenizer.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace penfield::tokens {
namespace {

using testing::ElementsAre;

std::vector<std::string> pieces(std::string_view row) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin < row.size();) {
    const std::size_t end = piece_end(row, begin);
    all.emplace_back(row.substr(begin, end - begin));
    begin = end;
  }
  return all;
}

TEST(Pretokenizer, WordsNumbersAndPunctuationTakeTheSpaceBeforeThem) {
  EXPECT_THAT(pieces("In 1914, war (again)."), ElementsAre("In", " 1914", ",", " war", " (", "again", ")."));
}

TEST(Pretokenizer, ContractionsAreLowerCaseAndStandAlone) {
  EXPECT_THAT(pieces("they've I'll"), ElementsAre("they", "'ve", " I", "'ll"));
  EXPECT_THAT(pieces("IT'S"), ElementsAre("IT", "'", "S"));
  EXPECT_THAT(pieces("'sa"), ElementsAre("'s", "a"));
  EXPECT_THAT(pieces(" 's"), ElementsAre(" '", "s"));  // the space is taken first
  EXPECT_THAT(pieces("''s"), ElementsAre("''", "s"));  // so is the run of punctuation
  EXPECT_THAT(pieces("it’s"), ElementsAre("it", "’", "s"));
}

TEST(Pretokenizer, OfARunOfWhiteSpaceTheLastCharacterIsLeft) {
  EXPECT_THAT(pieces("a   b"), ElementsAre("a", "  ", " b"));
  EXPECT_THAT(pieces("a \n b"), ElementsAre("a", " \n", " b"));
  EXPECT_THAT(pieces("a\n\nb"), ElementsAre("a", "\n", "\n", "b"));
  EXPECT_THAT(pieces("a\tb"), ElementsAre("a", "\t", "b"));
  EXPECT_THAT(pieces("a   "), ElementsAre("a", "   "));
  EXPECT_THAT(pieces(" = A = \n"), ElementsAre(" =", " A", " =", " \n"));
  EXPECT_THAT(pieces("a\u00A0b"), ElementsAre("a", "\u00A0", "b"));
  EXPECT_THAT(pieces("a \u2003b"), ElementsAre("a", " ", "\u2003", "b"));
}

TEST(Pretokenizer, ControlCharactersAndMarksAreNeitherLettersNorSpace) {
  EXPECT_EQ(char_class(0x1C), CharClass::kOther);
  EXPECT_EQ(char_class(0x85), CharClass::kSpace);
  EXPECT_EQ(char_class(0x2028), CharClass::kSpace);
  EXPECT_EQ(char_class(0x0301), CharClass::kOther);
  EXPECT_EQ(char_class(0x2167), CharClass::kNumber);
  EXPECT_EQ(char_class(0x10FFFF), CharClass::kOther);
  EXPECT_THAT(pieces(std::string_view("a\0b", 3)), ElementsAre("a", std::string(1, '\0'), "b"));
}

TEST(Pretokenizer, ABrokenByteIsACharacterOfItsOwn) {
  EXPECT_THAT(pieces("a\xE2\x80"), ElementsAre("a", "\xE2\x80"));
  EXPECT_THAT(pieces(" \xFFz"), ElementsAre(" \xFF", "z"));
}

}  // namespace
}  // namespace penfield::tokens
