#include "penfield/labels/word_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::labels {
namespace {

using spelling::Span;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> found(const WordList& words, std::string_view text) {
  std::vector<std::string> out;
  for (const Span& s : words.find_in(text)) {
    out.emplace_back(text.substr(s.begin_bytes, s.end_bytes - s.begin_bytes));
  }
  return out;
}

TEST(WordList, FindsWholeWordsWhateverTheirCase) {
  const auto words = WordList::parse("paris, London ,straße,DON'T");
  ASSERT_TRUE(words);
  EXPECT_THAT(found(*words, "PARIS parish Paris-based (London) STRASSE don\u2019t don't dont Paris."),
              ElementsAre("PARIS", "London", "STRASSE", "don\u2019t", "don't", "Paris"));
}

TEST(WordList, FindsAWordBeforeItsPossessive) {
  const auto words = WordList::parse("paris,o'neill");
  EXPECT_THAT(found(*words, "Paris's PARIS\u2019S O'Neill's paris'x paris's-x"),
              ElementsAre("Paris", "PARIS", "O'Neill"));
  EXPECT_THAT(found(*WordList::parse("paris's,paris"), "Paris's Paris"), ElementsAre("Paris's", "Paris"));
}

TEST(WordList, ListsAreSortedSets) {
  EXPECT_THAT(WordList::parse("b,a,B")->folded(), ElementsAre("a", "b"));
}

TEST(WordList, RefusesWhatIsNotOneWord) {
  for (const char* list : {"", "a,,b", ",a", "a,", "new york", "a!", "-a", "'"}) {
    const auto words = WordList::parse(list);
    ASSERT_FALSE(words) << list;
    EXPECT_EQ(words.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(words.error().message, HasSubstr("is not one word"));
  }
}

TEST(WordList, ReadsAFile) {
  const formats::ScratchFolder folder;
  const std::string file = folder.write("words.txt", "\xEF\xBB\xBFParis\r\n\n  London \nRome");
  const auto words = WordList::read(file);
  ASSERT_TRUE(words) << words.error().message;
  EXPECT_THAT(words->folded(), ElementsAre("london", "paris", "rome"));
}

TEST(WordList, NamesTheLineOfAFile) {
  const formats::ScratchFolder folder;
  const std::string file = folder.write("words.txt", "Paris\nNew York\n");
  const auto words = WordList::read(file);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(words.error().message, HasSubstr(file + ":2: 'New York' is not one word"));
}

TEST(WordList, RefusesAnEmptyFileAndNoFile) {
  const formats::ScratchFolder folder;
  const std::string file = folder.write("words.txt", "\n \n");
  EXPECT_EQ(WordList::read(file).error().kind, ErrorKind::kBadInput);
  EXPECT_EQ(WordList::read("/nonexistent/words.txt").error().kind, ErrorKind::kIo);
}

}  // namespace
}  // namespace penfield::labels
