#include "penfield/recorded/token_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/formats/scratch_folder_for_tests.h"

namespace penfield::recorded {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TokenTableTest : public ::testing::Test {
 protected:
  Result<TokenTable> read(std::string_view table) {
    return read_token_table(folder_.write("tokens.tsv", table));
  }
  std::string error(std::string_view table) {
    const auto read_table = read(table);
    EXPECT_FALSE(read_table);
    if (read_table) return "";
    EXPECT_EQ(read_table.error().kind, ErrorKind::kBadInput);
    return read_table.error().message;
  }
  formats::ScratchFolder folder_;
};

TEST_F(TokenTableTest, JoinsTheTokensOfEachDocument) {
  const auto table = read("document\ttoken\none\t\none\tThe\none\t cat\none\t\"\n\"\ntwo\t Paris\n");
  ASSERT_TRUE(table) << table.error().message;
  ASSERT_THAT(table->corpus.documents, SizeIs(2));
  EXPECT_EQ(table->corpus.documents[0].text, "The cat\n");
  EXPECT_EQ(table->corpus.documents[0].title, "one");
  EXPECT_THAT(table->corpus.documents[0].row_end_bytes, ElementsAre(8));
  EXPECT_EQ(table->corpus.documents[1].text, " Paris");
  EXPECT_THAT(table->stream.document_first, ElementsAre(0, 4, 5));
  EXPECT_THAT(table->stream.begin_bytes, ElementsAre(0, 0, 3, 7, 0));
  EXPECT_THAT(table->stream.end_bytes, ElementsAre(0, 3, 7, 8, 6));
  EXPECT_EQ(table->corpus.files.front().sha256.size(), 64u);
}

TEST_F(TokenTableTest, SpellingsAreTypesUnlessIdsAreGiven) {
  const auto spelled = read("token\n a\n b\n a\n");
  ASSERT_TRUE(spelled) << spelled.error().message;
  EXPECT_THAT(spelled->stream.ids, ElementsAre(TokenId{0}, TokenId{1}, TokenId{0}));
  EXPECT_THAT(spelled->corpus.documents, SizeIs(1));
  const auto numbered = read("token_id\ttoken\n7\t a\n5\t b\n9\t a\n");
  ASSERT_TRUE(numbered) << numbered.error().message;
  EXPECT_THAT(numbered->stream.ids, ElementsAre(TokenId{7}, TokenId{5}, TokenId{9}));
}

TEST_F(TokenTableTest, ReadsLabelsAsPeopleWriteThem) {
  const auto table =
      read("token\tlabel:animate\tnamed\tsource\r\n a\t1\tTrue\tweb\r\n b\tNA\tFalse\tbook\r\n c\t0.0\t\t7");
  ASSERT_TRUE(table) << table.error().message;
  const auto& columns = table->stream.label_columns;
  ASSERT_THAT(columns, SizeIs(3));
  EXPECT_EQ(columns[0].name, "animate");
  EXPECT_THAT(columns[0].values, ElementsAre(1, -1, 0));
  EXPECT_EQ(columns[1].name, "named");
  EXPECT_THAT(columns[1].values, ElementsAre(1, 0, -1));
  EXPECT_THAT(columns[2].values, IsEmpty());
  EXPECT_THAT(columns[2].why_not, AllOf(HasSubstr("tokens.tsv:2: column source"), HasSubstr("'web'")));
}

TEST_F(TokenTableTest, SaysWhereATableIsWrong) {
  EXPECT_THAT(error(""), HasSubstr("tokens.tsv: the file is empty"));
  EXPECT_THAT(error("token\n"), HasSubstr("has no token"));
  EXPECT_THAT(error("word\nx\n"), HasSubstr("tokens.tsv:1: there is no column token"));
  EXPECT_THAT(error("token\ttoken\nx\ty\n"), HasSubstr(":1: column 2 has the name of another: token"));
  EXPECT_THAT(error("token\tlabel:a\ta\nx\t1\t1\n"), HasSubstr(":1: two columns are labels a"));
  EXPECT_THAT(error("token\ta\nx\t1\ny\n"), HasSubstr(":3: 1 fields where the header has 2"));
  EXPECT_THAT(error("token\n x\n\"\n y\n"), HasSubstr(":3: a field begins with a quote that is not closed"));
  EXPECT_THAT(error("token\ttoken_id\n x\t4000000000\n"), HasSubstr(":2: column token_id: '4000000000'"));
  EXPECT_THAT(error("token\ttoken_id\n x\t-1\n"), HasSubstr(":2: column token_id: '-1'"));
  EXPECT_THAT(error("token\tdocument\n x\ta\n y\tb\n z\ta\n"), HasSubstr(":4: document 'a' goes on"));
  EXPECT_THAT(error("token\n x\n \xFF\n"), HasSubstr("line 2 is not UTF-8 at its token 1"));
  EXPECT_THAT(error("token\nThe\n\xC4\xA0"
                    "cat\n\xC4\xA0sat\n"),
              HasSubstr("2 of 3 tokens begin with Ġ"));
}

TEST_F(TokenTableTest, CharactersMayBeSpreadOverTokens) {
  const auto table = read("token\n \xE2\x82\n\xAC\n");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->corpus.documents[0].text, " €");
}

}  // namespace
}  // namespace penfield::recorded
