#include "penfield/text/conllu.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "penfield/text/corpus_for_tests.h"

namespace penfield::text {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using ConlluTest = CorpusFixture;

std::string word(std::string_view id, std::string_view form, std::string_view xpos = "X",
                 std::string_view misc = "_") {
  return fmt::format("{}\t{}\t_\tU{}\t{}\t_\t0\troot\t_\t{}\n", id, form, xpos, xpos, misc);
}

std::string range(std::string_view id, std::string_view form, std::string_view misc = "_") {
  return fmt::format("{}\t{}\t_\t_\t_\t_\t_\t_\t_\t{}\n", id, form, misc);
}

// "form/XPOS" of each gold word.
std::vector<std::string> gold_of(const Document& document) {
  std::vector<std::string> gold;
  for (const GoldWord& w : document.gold_words) {
    gold.push_back(document.text.substr(w.begin_bytes, w.end_bytes - w.begin_bytes) + "/" + w.xpos);
  }
  return gold;
}

TEST_F(ConlluTest, RebuildsTheTextWithItsGoldWords) {
  const auto corpus =
      read("a.conllu", "# sent_id = s1\n# text = anything\n" + word("1", "Hello", "UH", "SpaceAfter=No") +
                           word("2", ",") + word("3", "café", "NN", "A=b|SpaceAfter=No|C=d") +
                           word("4", ".", ".", "XSpaceAfter=No") + "\n" + word("1", "Next"));
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("Hello, café.\n", "Next\n"));
  EXPECT_THAT(gold_of(corpus->documents[0]), ElementsAre("Hello/UH", ",/X", "café/NN", "./."));
  EXPECT_EQ(corpus->documents[0].gold_words[2].upos, "UNN");
  EXPECT_EQ(corpus->documents[0].title, "s1");
  EXPECT_EQ(corpus->documents[0].source, "a.conllu:3");
  EXPECT_EQ(corpus->documents[1].title, "");
  EXPECT_TRUE(corpus->has_gold);
  EXPECT_EQ(corpus->n_rows_read, 2u);
}

TEST_F(ConlluTest, NewdocBeginsADocumentWhereTheFileHasAny) {
  const auto corpus = read("a.conllu", word("1", "before") + "\n# newdoc id = D1\n# sent_id = s1\n" +
                                           word("1", "One") + "\n# sent_id = s2\n" + word("1", "two") +
                                           "\n\n\n# newdoc\n# sent_id = s3\n" + word("1", "Three") + "\n");
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("before\n", "One\ntwo\n", "Three\n"));
  EXPECT_THAT(rows_of(corpus->documents[1]), ElementsAre("One\n", "two\n"));
  EXPECT_THAT(gold_of(corpus->documents[1]), ElementsAre("One/X", "two/X"));
  EXPECT_EQ(corpus->documents[1].title, "D1");
  EXPECT_EQ(corpus->documents[2].title, "s3");
}

TEST_F(ConlluTest, ARangeIsWhatStandsInTheTextAndItsWordsGetTheirParts) {
  const auto corpus =
      read("a.conllu", word("1", "He") + range("2-3", "doesn't", "SpaceAfter=No") + word("2", "does", "VBZ") +
                           word("3", "n't", "RB") + word("4", "!", "."));
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_EQ(corpus->documents[0].text, "He doesn't!\n");
  EXPECT_THAT(gold_of(corpus->documents[0]), ElementsAre("He/X", "does/VBZ", "n't/RB", "!/."));
}

TEST_F(ConlluTest, WhereTheWordsDoNotSpellTheRangeTheFirstHasAllOfIt) {
  const auto corpus = read("a.conllu", range("1-2", "Du") + word("1", "De", "P", "SpaceAfter=No") +
                                           word("2", "le", "D") + word("3", "pain", "N"));
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_EQ(corpus->documents[0].text, "Du pain\n");
  EXPECT_THAT(gold_of(corpus->documents[0]), ElementsAre("Du/P", "pain/N"));
}

TEST_F(ConlluTest, EmptyNodesAreSkipped) {
  const auto corpus = read("a.conllu", word("0.1", "x") + word("1", "a") + word("1.1", "y") +
                                           word("1.2", "z") + word("2", "b") + word("2.1", "w"));
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_EQ(corpus->documents[0].text, "a b\n");
  EXPECT_THAT(gold_of(corpus->documents[0]), ElementsAre("a/X", "b/X"));
}

TEST_F(ConlluTest, AFormMayHoldSpacesAndAnUnderscoreIsAForm) {
  const auto corpus = read("a.conllu", word("1", "1 000", "CD") + word("2", "_", "_"));
  ASSERT_TRUE(corpus);
  EXPECT_EQ(corpus->documents[0].text, "1 000 _\n");
  EXPECT_EQ(corpus->documents[0].gold_words[1].xpos, "");
}

TEST_F(ConlluTest, WithoutTagsThereIsNoGold) {
  const auto corpus = read("a.conllu", range("1", "a") + range("2", "b"));
  ASSERT_TRUE(corpus);
  EXPECT_FALSE(corpus->has_gold);
}

TEST_F(ConlluTest, MaxRowsCountsSentences) {
  TextOptions options;
  options.max_rows = 2;
  options.min_row_length = 50;  // for plain text alone
  const auto corpus = read("a.conllu", word("1", "a") + "\n" + word("1", "b") + "\n" + "not read\n", options);
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("a\n", "b\n"));
}

TEST_F(ConlluTest, WhatBreaksTheFormatIsNamedWithItsLine) {
  const std::string nine = "2\tb\t_\t_\t_\t_\t_\t_\t_\n";
  const std::string eleven = "2\tb\t_\t_\t_\t_\t_\t_\t_\t_\t_\n";
  for (const auto& [row, why] :
       {std::pair(nine, "9 columns"), std::pair(eleven, "11 columns"),
        std::pair(word("3", "b"), "the id is 3, but 2"),
        std::pair(word("1", "b"), "before the last has ended"), std::pair(word("x", "b"), "the id \"x\""),
        std::pair(word("02", "b"), "the id \"02\""), std::pair(word("-1", "b"), "the id \"-1\""),
        std::pair(word("99999999999", "b"), "the id \"99999999999\""),
        std::pair(word("\x1B[2J", "b"), "\\x1b"), std::pair(word("2", ""), "form of word 2 is empty"),
        std::pair(range("3-4", "b"), "3-4"), std::pair(range("2-1", "b"), "2-1"),
        std::pair(range("1-2", "b"), "before the last has ended"),
        std::pair(word("2.1", "b"), "1.1 is expected"), std::pair(word("1.2", "b"), "1.1 is expected"),
        std::pair(range("2-3", "bc") + range("2-3", "bc"), "inside another"),
        std::pair(range("2-3", "bc") + word("2", "b"), "inside a range"),
        std::pair(std::string("# late\n"), "before the last has ended"),
        std::pair(std::string("free text\n"), "1 columns")}) {
    const Error error = error_of(read("a.conllu", "# c\n" + word("1", "a") + row + "\n"));
    EXPECT_EQ(error.kind, ErrorKind::kBadInput);
    EXPECT_THAT(error.message, AllOf(HasSubstr("a.conllu:"), HasSubstr(why)));
  }
  EXPECT_THAT(error_of(read("b.conllu", word("1", "a") + nine)).message, HasSubstr("b.conllu:2"));
}

// Editors and spreadsheets leave white space behind.
TEST_F(ConlluTest, ALineOfWhiteSpaceIsBlank) {
  const std::string one = "1\tHi\t_\tINTJ\t_\t_\t_\t_\t_\t_\n";
  for (const std::string blank : {"\n", "\t\n", " \n", " \t \r\n", "\t\t\t\t\t\t\t\t\t\n"}) {
    const auto corpus = read("a.conllu", one + blank + one + blank);
    ASSERT_TRUE(corpus) << corpus.error().message;
    EXPECT_EQ(corpus->n_rows_read, 2u);
  }
  const auto unended = read("a.conllu", one + "\n" + one);
  ASSERT_TRUE(unended) << unended.error().message;
  EXPECT_EQ(unended->n_rows_read, 2u);
}

TEST_F(ConlluTest, AMissingBlankLineIsNamed) {
  const std::string one = "1\tHi\t_\tINTJ\t_\t_\t_\t_\t_\t_\n";
  for (const std::string between : {"", "# sent_id = 2\n"}) {
    const Error error = error_of(read("a.conllu", one + between + one));
    EXPECT_THAT(error.message,
                testing::AllOf(testing::HasSubstr("a.conllu:2"), testing::HasSubstr("blank line")));
  }
}

TEST_F(ConlluTest, CommentsAloneAreNoText) {
  EXPECT_THAT(error_of(read("a.conllu", "# newdoc\n# sent_id = 1\n\n")).message,
              HasSubstr("the text is empty"));
}

}  // namespace
}  // namespace penfield::text
