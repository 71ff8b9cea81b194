#include "penfield/tokens/added_tokens.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <ctime>

#include "penfield/base/sanitized_for_tests.h"

namespace penfield::tokens {
namespace {

using testing::ElementsAre;

AddedToken token(std::string content, std::uint32_t id) {
  AddedToken out;
  out.content = std::move(content);
  out.id = TokenId{id};
  return out;
}

// "text" where no token stands, "[text:id]" where one does.
std::vector<std::string> parts(const AddedTokens& tokens, std::string_view text,
                               Special special = Special::kToken) {
  std::vector<AddedTokens::Part> found;
  tokens.split(text, special, found);
  std::vector<std::string> out;
  std::size_t covered = 0;
  for (const AddedTokens::Part& part : found) {
    EXPECT_EQ(part.begin, covered);
    covered = part.end;
    const std::string_view bytes = text.substr(part.begin, part.end - part.begin);
    out.push_back(part.token == nullptr
                      ? std::string(bytes)
                      : fmt::format("[{}:{}]", bytes, static_cast<std::uint32_t>(part.token->id)));
  }
  EXPECT_EQ(covered, text.size());
  return out;
}

TEST(AddedTokens, TheLongestOfThoseThatBeginFirstIsTaken) {
  const AddedTokens tokens(
      {token("  ", 1), token("    ", 2), token("ab", 3), token("b", 4), token("bcd", 5)});
  EXPECT_THAT(parts(tokens, "x     y"), ElementsAre("x", "[    :2]", " y"));
  EXPECT_THAT(parts(tokens, "abcd"), ElementsAre("[ab:3]", "cd"));
  EXPECT_THAT(parts(tokens, "bcdbc"), ElementsAre("[bcd:5]", "[b:4]", "c"));
  EXPECT_THAT(parts(tokens, ""), ElementsAre());
  EXPECT_THAT(parts(AddedTokens(), "ab"), ElementsAre("ab"));
}

TEST(AddedTokens, SpecialOnesCanBeSpelledOut) {
  AddedToken special = token("<s>", 1);
  special.special = true;
  const AddedTokens tokens({special, token("s", 2)});
  EXPECT_THAT(parts(tokens, "a<s>s"), ElementsAre("a", "[<s>:1]", "[s:2]"));
  EXPECT_THAT(parts(tokens, "a<s>s", Special::kText), ElementsAre("a<s>", "[s:2]"));
}

TEST(AddedTokens, TakeTheWhiteSpaceBesideThem) {
  AddedToken left = token("<l>", 1), right = token("<r>", 2);
  left.lstrip = true;
  right.rstrip = true;
  const AddedTokens tokens({left, right});
  EXPECT_THAT(parts(tokens, "a \u00A0<l> b"), ElementsAre("a", "[ \u00A0<l>:1]", " b"));
  EXPECT_THAT(parts(tokens, "a <r> \n b"), ElementsAre("a ", "[<r> \n :2]", "b"));
  EXPECT_THAT(parts(tokens, "<r>  <l>"), ElementsAre("[<r>  :2]", "[<l>:1]"));
}

TEST(AddedTokens, ThoseOfWhiteSpaceTakeARunOfItOnce) {
  AddedToken right = token(" ", 1), both = token("\n", 2);
  right.rstrip = both.rstrip = both.lstrip = true;
  const AddedTokens tokens({right, both});
  EXPECT_THAT(parts(tokens, "a   b"), ElementsAre("a", "[   :1]", "[:1]", "[:1]", "b"));
  EXPECT_THAT(parts(tokens, "a \n b"), ElementsAre("a", "[ \n :1]", "[:2]", "[:1]", "b"));
  const std::string run(1'000'000, ' ');
  EXPECT_EQ(parts(tokens, run + "b").size(), run.size() + 1);  // minutes where it is quadratic
}

TEST(AddedTokens, ASingleWordIsNoPartOfAWord) {
  AddedToken word = token("bc", 1);
  word.single_word = true;
  const AddedTokens tokens({word});
  EXPECT_THAT(parts(tokens, "bc abc bcd a-bc bc"),
              ElementsAre("[bc:1]", " abc bcd a-", "[bc:1]", " ", "[bc:1]"));
}

TEST(AddedTokens, AHostileListTakesNoLonger) {
  std::vector<AddedToken> list;
  for (std::uint32_t i = 0; i < 200'000; ++i) list.push_back(token(fmt::format("a{}", i), i));
  list.push_back(token(std::string(AddedToken::kMostBytes - 1, 'a') + "b", 7));
  const AddedTokens tokens(std::move(list));
  const std::string text(200'000, 'a');
  const std::clock_t begin = std::clock();
  EXPECT_EQ(parts(tokens, text).size(), 1u);
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 2.0 * kSanitizerFactor);
}

}  // namespace
}  // namespace penfield::tokens
