#include "penfield/text/jsonl.h"

#include <gmock/gmock.h>

#include "penfield/text/corpus_for_tests.h"

namespace penfield::text {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using JsonlTest = CorpusFixture;

TEST_F(JsonlTest, EachObjectIsADocumentAndItsLinesAreItsRows) {
  TextOptions options;
  options.min_row_length = 50;  // for plain text alone
  const auto corpus =
      read("a.jsonl",
           "{\"text\": \"one\\n\\ntwo\\r\\nthree\", \"title\": \"T\", \"meta\": {\"n\": 1}}\r\n"
           "\n  \n"
           "{\"text\": \"\"}\n"
           "{\"text\": \"\\u0000 \\ud83d\\ude00 \\r é\\n\", \"title\": 5}",
           options);
  ASSERT_TRUE(corpus) << corpus.error().message;
  ASSERT_EQ(corpus->documents.size(), 2u);
  EXPECT_THAT(rows_of(corpus->documents[0]), ElementsAre("one\n", "\n", "two\n", "three"));
  EXPECT_EQ(corpus->documents[0].title, "T");
  EXPECT_EQ(corpus->documents[0].source, "a.jsonl:1");
  EXPECT_THAT(rows_of(corpus->documents[1]), ElementsAre(std::string("\0 😀 \r é\n", 12)));
  EXPECT_EQ(corpus->documents[1].title, "");
  EXPECT_EQ(corpus->documents[1].source, "a.jsonl:5");
  EXPECT_EQ(corpus->n_rows_read, 3u);
  EXPECT_EQ(corpus->n_rows_left_out, 0u);
}

TEST_F(JsonlTest, MaxRowsCountsObjects) {
  TextOptions options;
  options.max_rows = 2;
  const auto corpus = read("a.jsonl", "{\"text\": \"a\\nb\"}\n\n{\"text\": \"c\"}\nnot read\n", options);
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("a\nb", "c"));
}

TEST_F(JsonlTest, AnObjectWithoutTextIsRefusedWithItsLine) {
  for (const auto& [line, why] :
       {std::pair(R"({"texts": "x"})", R"(no "text")"), std::pair(R"({"text": 5})", "number"),
        std::pair(R"({"text": null})", "null"), std::pair(R"({"text": ["a"]})", "array"),
        std::pair(R"(["text"])", "not an object"), std::pair(R"("text")", "not an object"),
        std::pair(R"({"text": "a")", "a.jsonl:2"), std::pair(R"({"text": "a"} x)", "a.jsonl:2"),
        std::pair(R"({"text": "a", "text": "b"})", "a.jsonl:2"),
        std::pair(R"({"text": "\ud800"})", "a.jsonl:2")}) {
    const Error error = error_of(read("a.jsonl", std::string("{\"text\": \"x\"}\n") + line + "\n"));
    EXPECT_EQ(error.kind, ErrorKind::kBadInput);
    EXPECT_THAT(error.message, AllOf(HasSubstr("a.jsonl:2"), HasSubstr(why))) << line;
  }
}

TEST_F(JsonlTest, InvalidUtf8IsToldByItsByteInTheFile) {
  EXPECT_THAT(error_of(read("a.jsonl", "{\"text\": \"x\"}\n{\"text\": \"\xFF\"}\n")).message,
              AllOf(HasSubstr("a.jsonl:2"), HasSubstr("byte 24:")));
  TextOptions options;
  options.invalid_utf8 = InvalidUtf8::kReplace;
  const auto corpus = read("a.jsonl", "{\"text\": \"\xFF\"}\n", options);
  ASSERT_TRUE(corpus);
  EXPECT_EQ(corpus->documents[0].text, "\uFFFD");
}

TEST_F(JsonlTest, FieldsThatAreNotReadMayHoldAnything) {
  const auto corpus =
      read("a.jsonl", R"({"score": NaN, "text": "a", "by": "\ud800", "tags": ["\udfff", {"x": -Infinity}]})"
                      "\n"
                      R"({"n": 1e999, "k": {"text": 5}, "t": "\"}", "te\u0078t": "b", "title": null})"
                      "\n"
                      R"({"title": "\ud800", "k": [[], {}, [{}]], "text": "c", "\ud800": 1, "k": 2})");
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("a", "b", "c"));
  EXPECT_EQ(corpus->documents[2].title, "");
}

TEST_F(JsonlTest, BracketsAndStringsMustClose) {
  for (const char* row : {R"({"text": "a", "x": })", R"({"text": "a", "x": [1})", R"({"text": "a", "x": {]})",
                          R"({"text": "a", "x": [)", R"({"text": "a", "x": "b\)", R"({"text": "a" "x": 1})",
                          R"({"text": "a",})", R"({"text")", R"({"text": "a", "x": 1 2})", R"({)",
                          R"({"text": "\x"})", R"({"text": "\u12g4"})", "{\"text\": \"a\tb\"}"}) {
    const Error error = error_of(read("a.jsonl", std::string(row) + "\n"));
    EXPECT_EQ(error.kind, ErrorKind::kBadInput) << row;
    EXPECT_THAT(error.message,
                AllOf(testing::StartsWith(path("a.jsonl") + ":1: "), HasSubstr("not valid JSON")));
  }
}

TEST_F(JsonlTest, HalvesOfSurrogatePairsAreRefusedOrReplaced) {
  const std::string rows = R"({"text": "\ud83d\ude00 \ud83dx \ude00\ud83d"})";
  EXPECT_THAT(error_of(read("a.jsonl", rows)).message,
              AllOf(HasSubstr("a.jsonl:1: "), HasSubstr("\\ud83d"), HasSubstr("--replace-invalid")));
  TextOptions options;
  options.invalid_utf8 = InvalidUtf8::kReplace;
  const auto corpus = read("a.jsonl", rows, options);
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("😀 \uFFFDx \uFFFD\uFFFD"));
  EXPECT_EQ(corpus->n_bytes_replaced, 9u);
}

TEST_F(JsonlTest, RowsWithoutATextAreSkippedAndCounted) {
  TextOptions options;
  options.skip_invalid = true;
  const std::string rows =
      "{\"text\": \"a\"}\n[1]\n{\"text\": null}\n{\"text\": [\"x\"]}\n{\"body\": 1}\n{\"text\": \"\xFF\"}\n"
      "{\"text\": \"\\ud800\"}\nnot JSON\n\n{\"text\": \"b\"}\n";
  const auto corpus = read("a.jsonl", rows, options);
  ASSERT_TRUE(corpus) << corpus.error().message;
  EXPECT_THAT(texts_of(*corpus), ElementsAre("a", "b"));
  EXPECT_EQ(corpus->n_rows_read, 9u);
  EXPECT_EQ(corpus->n_rows_skipped, 7u);
  EXPECT_THAT(error_of(read("b.jsonl", "[1]\n{}\n", options)).message, HasSubstr("2 of 2 rows"));
}

}  // namespace
}  // namespace penfield::text
