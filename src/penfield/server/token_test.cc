#include "penfield/server/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "penfield/server/answer.h"

namespace penfield::server {
namespace {

TEST(Token, IsSixtyFourHexDigitsAndNeverTheSame) {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) {
    const std::string token = make_token().value();
    EXPECT_THAT(token, ::testing::MatchesRegex("[0-9a-f]+"));
    EXPECT_EQ(token.size(), 64u);
    tokens.insert(token);
  }
  EXPECT_EQ(tokens.size(), 100u);
}

TEST(Token, OnlyTheWholeOfItIsTheSame) {
  const std::string token = make_token().value();
  EXPECT_TRUE(same_token(token, token));
  EXPECT_FALSE(same_token(token.substr(1), token));
  EXPECT_FALSE(same_token(token + "0", token));
  EXPECT_FALSE(same_token("", token));
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == '0' ? '1' : '0';
    EXPECT_FALSE(same_token(other, token)) << i;
  }
}

TEST(Answers, AnErrorIsOneLineOfJsonWhateverStandsInIt) {
  const Answer answer = error_answer({404, "no \"<script>\"\r\n\tand \x1b[31m \xff here"});
  EXPECT_EQ(answer.status, 404u);
  EXPECT_EQ(*answer.body, "{\"error\": \"no \\\"<script>\\\"   and  [31m \xef\xbf\xbd here\"}");
}

}  // namespace
}  // namespace penfield::server
