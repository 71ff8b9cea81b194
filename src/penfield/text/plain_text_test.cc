#include "penfield/text/plain_text.h"

#include <gmock/gmock.h>

#include "penfield/text/corpus_for_tests.h"

namespace penfield::text {
namespace {

using testing::ElementsAre;

using PlainTextTest = CorpusFixture;

TEST_F(PlainTextTest, BlankRowsSeparateDocumentsWhereThereIsNoHeading) {
  const auto corpus = read("a.txt", "\n\none\ntwo\n \t\n\nthree\n = = Section = = \nfour");
  ASSERT_TRUE(corpus);
  EXPECT_THAT(texts_of(*corpus), ElementsAre("one\ntwo\n", "three\n = = Section = = \nfour"));
  EXPECT_EQ(corpus->documents[0].source, "a.txt:3");
  EXPECT_EQ(corpus->documents[1].source, "a.txt:7");
  EXPECT_EQ(corpus->documents[0].title, "");
  EXPECT_EQ(corpus->n_rows_read, 9u);
  EXPECT_EQ(corpus->n_rows_left_out, 0u);
  EXPECT_FALSE(corpus->has_gold);
}

TEST_F(PlainTextTest, HeadingsBeginDocumentsAndBlankRowsAreRows) {
  const auto corpus =
      read("a.txt", " \n = First = \n \n Text . \n = = Section = = \n = Second ( part = 2 ) = \nmore\n");
  ASSERT_TRUE(corpus);
  EXPECT_THAT(texts_of(*corpus), ElementsAre(" \n = First = \n \n Text . \n = = Section = = \n",
                                             " = Second ( part = 2 ) = \nmore\n"));
  EXPECT_EQ(corpus->documents[0].title, "First");
  EXPECT_EQ(corpus->documents[0].source, "a.txt:1");
  EXPECT_EQ(corpus->documents[1].title, "Second ( part = 2 )");
  EXPECT_EQ(corpus->documents[1].source, "a.txt:6");
}

TEST_F(PlainTextTest, RowsBeforeTheFirstHeadingAreADocumentUnlessAllAreBlank) {
  const auto corpus = read("a.txt", "\npreface\n\n = First = \ntext\n");
  ASSERT_TRUE(corpus);
  EXPECT_THAT(texts_of(*corpus), ElementsAre("\npreface\n\n", " = First = \ntext\n"));
  EXPECT_EQ(corpus->documents[0].title, "");
}

TEST_F(PlainTextTest, AHeadingHasOneEqualsSignOnEachSide) {
  for (const std::string row :
       {" = = Two = = \n", " == Two == \n", "= No space =\n", " = Open \n", " =  = \n", " = = \n",
        "a = b = \n", " = = Uneven = \n", " = Uneven = = \n"}) {
    const auto corpus = read("a.txt", "text\n" + row + "text\n");
    ASSERT_TRUE(corpus);
    EXPECT_EQ(corpus->documents.size(), 1u) << row;
  }
}

TEST_F(PlainTextTest, ARowLeftOutByItsLengthStillBeginsADocument) {
  TextOptions options;
  options.min_row_length = 12;
  const auto corpus =
      read("a.txt", " = One = \nthe first text\nshort\n = Two = \nthe second text\n = Three = \n", options);
  ASSERT_TRUE(corpus);
  EXPECT_THAT(texts_of(*corpus),
              ElementsAre("the first text\n", "the second text\n"));  // nothing is left of Three
  EXPECT_EQ(corpus->documents[1].title, "Two");
  EXPECT_EQ(corpus->documents[1].source, "a.txt:4");
  EXPECT_EQ(corpus->n_rows_left_out, 4u);
  EXPECT_EQ(corpus->n_rows_read, 6u);
}

TEST_F(PlainTextTest, LengthIsInCharactersWithoutTheNewline) {
  TextOptions options;
  options.min_row_length = 4;
  const auto corpus =
      read("a.txt", "abc\nabcd\n\u00E9\u6587\U0001F600x\n\u00E9\u6587\U0001F600\nabc\r\nabc", options);
  ASSERT_TRUE(corpus);
  EXPECT_THAT(rows_of(corpus->documents[0]), ElementsAre("abcd\n", "\u00E9\u6587\U0001F600x\n"));
  EXPECT_EQ(corpus->n_rows_left_out, 4u);
}

TEST_F(PlainTextTest, HeadingsBeyondTheRowsReadDoNotCount) {
  TextOptions options;
  options.max_rows = 3;
  const auto corpus = read("a.txt", "one\n\ntwo\n = Title = \n", options);
  ASSERT_TRUE(corpus);
  EXPECT_THAT(texts_of(*corpus), ElementsAre("one\n", "two\n"));
}

TEST_F(PlainTextTest, RowsLongerThanTheBufferAreWhole) {
  const std::string row = std::string(600'000, 'x') + "\u00E9\n";
  const auto corpus = read("a.txt", row + row + "end");
  ASSERT_TRUE(corpus);
  EXPECT_THAT(rows_of(corpus->documents[0]), ElementsAre(row, row, "end"));
}

}  // namespace
}  // namespace penfield::text
