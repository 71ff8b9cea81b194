#include "penfield/tokens/splitter.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "penfield/tokens/char_class.h"

namespace penfield::tokens {
namespace {

using testing::ElementsAre;

std::vector<std::string> pieces(std::string_view row, Splitter splitter = Splitter::kGpt2) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin < row.size();) {
    const std::size_t end = piece_end(splitter, row, begin);
    all.emplace_back(row.substr(begin, end - begin));
    begin = end;
  }
  return all;
}

TEST(Gpt2Splitter, WordsNumbersAndPunctuationTakeTheSpaceBeforeThem) {
  EXPECT_THAT(pieces("In 1914, war (again)."), ElementsAre("In", " 1914", ",", " war", " (", "again", ")."));
}

TEST(Gpt2Splitter, ContractionsAreLowerCaseAndStandAlone) {
  EXPECT_THAT(pieces("they've I'll"), ElementsAre("they", "'ve", " I", "'ll"));
  EXPECT_THAT(pieces("IT'S"), ElementsAre("IT", "'", "S"));
  EXPECT_THAT(pieces("'sa"), ElementsAre("'s", "a"));
  EXPECT_THAT(pieces(" 's"), ElementsAre(" '", "s"));  // the space is taken first
  EXPECT_THAT(pieces("''s"), ElementsAre("''", "s"));  // so is the run of punctuation
  EXPECT_THAT(pieces("it’s"), ElementsAre("it", "’", "s"));
}

TEST(Gpt2Splitter, OfARunOfWhiteSpaceTheLastCharacterIsLeft) {
  EXPECT_THAT(pieces("a   b"), ElementsAre("a", "  ", " b"));
  EXPECT_THAT(pieces("a \n b"), ElementsAre("a", " \n", " b"));
  EXPECT_THAT(pieces("a\n\nb"), ElementsAre("a", "\n", "\n", "b"));
  EXPECT_THAT(pieces("a\tb"), ElementsAre("a", "\t", "b"));
  EXPECT_THAT(pieces("a   "), ElementsAre("a", "   "));
  EXPECT_THAT(pieces(" = A = \n"), ElementsAre(" =", " A", " =", " \n"));
  EXPECT_THAT(pieces("a\u00A0b"), ElementsAre("a", "\u00A0", "b"));
  EXPECT_THAT(pieces("a \u2003b"), ElementsAre("a", " ", "\u2003", "b"));
}

TEST(Gpt2Splitter, ControlCharactersAndMarksAreNeitherLettersNorSpace) {
  EXPECT_EQ(char_class(0x1C), CharClass::kOther);
  EXPECT_EQ(char_class(0x85), CharClass::kSpace);
  EXPECT_EQ(char_class(0x2028), CharClass::kSpace);
  EXPECT_EQ(char_class(0x0301), CharClass::kOther);
  EXPECT_EQ(char_class(0x2167), CharClass::kNumber);
  EXPECT_EQ(char_class(0x10FFFF), CharClass::kOther);
  EXPECT_THAT(pieces(std::string_view("a\0b", 3)), ElementsAre("a", std::string(1, '\0'), "b"));
}

TEST(Gpt2Splitter, ABrokenByteIsACharacterOfItsOwn) {
  EXPECT_THAT(pieces("a\xE2\x80"), ElementsAre("a", "\xE2\x80"));
  EXPECT_THAT(pieces(" \xFFz"), ElementsAre(" \xFF", "z"));
}

std::vector<std::string> llama3(std::string_view row) {
  return pieces(row, Splitter::kLlama3);
}
std::vector<std::string> qwen2(std::string_view row) {
  return pieces(row, Splitter::kQwen2);
}

// The expected pieces are those of the `regex` module with the pattern's own text.
TEST(Llama3Splitter, OneMarkBeforeAWordBelongsToIt) {
  EXPECT_THAT(llama3("(again) -x \tb"), ElementsAre("(again", ")", " -", "x", " ", "\tb"));
  EXPECT_THAT(llama3("a_b $$c"), ElementsAre("a", "_b", " $$", "c"));
  EXPECT_THAT(llama3("\u00A0word"), ElementsAre("\u00A0word"));
}

TEST(Llama3Splitter, ContractionsHaveAnyCase) {
  EXPECT_THAT(llama3("IT'S I'lL don't"), ElementsAre("IT", "'S", " I", "'lL", " don", "'t"));
  EXPECT_THAT(llama3("it'\u017Fo"), ElementsAre("it", "'\u017F", "o"));
  EXPECT_THAT(llama3("o'clock x'"), ElementsAre("o", "'clock", " x", "'"));
}

TEST(Llama3Splitter, NumbersAreCutInThreesAndQwensInDigits) {
  EXPECT_THAT(llama3(" 12345x6"), ElementsAre(" ", "123", "45", "x", "6"));
  EXPECT_THAT(qwen2(" 12345x6"), ElementsAre(" ", "1", "2", "3", "4", "5", "x", "6"));
}

TEST(Llama3Splitter, LineEndsBelongToTheMarksOrSpaceBeforeThem) {
  EXPECT_THAT(llama3("end.\n\nNext"), ElementsAre("end", ".\n\n", "Next"));
  EXPECT_THAT(llama3("end \n \n  Next"), ElementsAre("end", " \n \n", " ", " Next"));
  EXPECT_THAT(llama3("a\r\n\tb"), ElementsAre("a", "\r\n", "\tb"));
  EXPECT_THAT(llama3("a   "), ElementsAre("a", "   "));
  EXPECT_THAT(llama3("a  1"), ElementsAre("a", " ", " ", "1"));
  EXPECT_THAT(llama3(" .\n"), ElementsAre(" .\n"));
  EXPECT_THAT(llama3(" \nb"), ElementsAre(" \n", "b"));
}

TEST(MetaspaceSplitter, APieceBeginsAtEveryMark) {
  EXPECT_THAT(pieces("a▁b▁▁c", Splitter::kMetaspace), ElementsAre("a", "▁b", "▁", "▁c"));
  EXPECT_THAT(pieces("▁a b", Splitter::kNone), ElementsAre("▁a b"));
}

TEST(Splitter, IsChosenByTheExactTextOfThePattern) {
  EXPECT_EQ(
      splitter_of_pattern(
          R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
          R"(|\s*[\r\n]+|\s+(?!\S)|\s+)"),
      Splitter::kLlama3);
  EXPECT_EQ(
      splitter_of_pattern(R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"),
      Splitter::kGpt2);
  EXPECT_EQ(splitter_of_pattern(R"(\p{N}{1,3}|[^\s]+)"), std::nullopt);
}

TEST(Digits, AreCutOutOneByOne) {
  const std::string_view text = "ab 12²c";
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = digits_end(text, at);
    parts.emplace_back(text.substr(at, end - at));
    at = end;
  }
  EXPECT_THAT(parts, ElementsAre("ab ", "1", "2", "²", "c"));
}

TEST(Words, AreLettersMarksDigitsAndConnectors) {
  EXPECT_TRUE(ends_with_word("x") && ends_with_word("é") && ends_with_word("e\u0301") && ends_with_word("_"));
  EXPECT_FALSE(ends_with_word("") || ends_with_word("x ") || ends_with_word("x.") || ends_with_word("½"));
  EXPECT_TRUE(starts_with_word("中") && starts_with_word("7"));
  EXPECT_FALSE(starts_with_word("") || starts_with_word("\n") || starts_with_word("\xFF"));
}

}  // namespace
}  // namespace penfield::tokens
