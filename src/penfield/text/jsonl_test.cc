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

}  // namespace
}  // namespace penfield::text
