#include "penfield/labels/target_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "penfield/labels/label_tokens.h"
#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

using testing::ElementsAre;

std::vector<std::string> counted(const SmallText& text, const std::vector<std::uint64_t>& targets,
                                 std::size_t n_top = 100) {
  std::vector<std::string> out;
  for (const WordCount& c : count_target_words(text.corpus, text.stream, targets, n_top).top)
    out.push_back(c.word + "=" + std::to_string(c.n));
  return out;
}

TEST(TargetWords, PiecesCountAsTheirWord) {
  const SmallText text =
      small_text({{" Mc", "Don", "ald", "'s", " and", " Mc", "Don", "ald", ",", " PAR", "IS"},
                  {"Mc", "Donald", " Paris"}});
  // Every token, in any order, twice the same.
  EXPECT_THAT(counted(text, {13, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0}),
              ElementsAre("McDonald=3", ",=1", "PARIS=1", "Paris=1", "and=1"));
  EXPECT_THAT(counted(text, {2, 6, 10}), ElementsAre("McDonald=2", "PARIS=1"));
  EXPECT_THAT(counted(text, {2, 6, 10}, 1), ElementsAre("McDonald=2"));
  EXPECT_EQ(count_target_words(text.corpus, text.stream, std::vector<std::uint64_t>{2, 6, 10}, 1).n_types,
            2u);
  EXPECT_THAT(counted(text, {}), ElementsAre());
}

TEST(TargetWords, ATokenOfTwoWordsIsTheOneThatBeginsInIt) {
  const SmallText text = small_text({{"in Pa", "ris to R", "ome", " \xD0", "\x96"}});
  EXPECT_THAT(counted(text, {1}), ElementsAre("to=1"));
  EXPECT_THAT(counted(text, {0}), ElementsAre("in=1"));
  EXPECT_THAT(counted(text, {2}), ElementsAre("Rome=1"));
  EXPECT_THAT(counted(text, {4}), ElementsAre("\xD0\x96=1"));
}

TEST(TargetWords, WithoutAWordATokenIsItsText) {
  const SmallText text = small_text({{" (", "\n", "  ", " \"", "a"}});
  EXPECT_THAT(counted(text, {0, 1, 2, 3, 4}), ElementsAre("\n=1", "  =1", "\"=1", "(=1", "a=1"));
}

// One count for each word that a concept of words marks, by any choice of pieces, however the text is cut.
TEST(TargetWords, AddUpToTheWordsThatAConceptMarks) {
  const std::string whole =
      "We met Anna Bell in Paris, and Anna's sister O'Neill in Paris-Nord. Then Anna left Paris";
  for (std::size_t length = 1; length <= 3; ++length) {  // no token holds the first bytes of two words
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < whole.size(); at += length) tokens.push_back(whole.substr(at, length));
    const SmallText text = small_text({tokens});
    for (const Pieces pieces : {Pieces::kFirst, Pieces::kAll}) {
      if (pieces == Pieces::kAll && length == 3)
        continue;  // the last piece of a word may be the first of the next
      const auto track = label_tokens(*Concept::parse("words:anna,paris"), text.corpus, text.stream, pieces);
      std::vector<std::uint64_t> targets;
      for (std::size_t t = 0; t < track->labels.size(); ++t) {
        if (track->labels[t] == Label::kTarget) targets.push_back(t);
      }
      EXPECT_THAT(counted(text, targets), ElementsAre("Anna=3", "Paris=2")) << length;
    }
  }
}

}  // namespace
}  // namespace penfield::labels
