#include "penfield/labels/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

using testing::ElementsAre;

LabelTrack track(const std::string& labels) {
  LabelTrack out;
  for (const char c : labels) {
    out.labels.push_back(c == 'T' ? Label::kTarget : c == 'x' ? Label::kExcluded : Label::kOther);
    out.n_target += c == 'T';
  }
  return out;
}

std::vector<std::string> written(const std::vector<TokenCount>& counts) {
  std::vector<std::string> out;
  out.reserve(counts.size());
  for (const TokenCount& c : counts) out.push_back(c.token + "=" + std::to_string(c.n));
  return out;
}

// statsmodels 0.13.5, proportion_confint(k, n, method="wilson").
TEST(ShareOf, IsWilsonsInterval) {
  const Share s = share_of(8, 10);
  EXPECT_DOUBLE_EQ(s.value, 0.8);
  EXPECT_NEAR(s.lo, 0.49016247153664183, 1e-12);
  EXPECT_NEAR(s.hi, 0.9433178485456247, 1e-12);
  EXPECT_NEAR(share_of(0, 5).hi, 0.43448246478317487, 1e-12);
  EXPECT_EQ(share_of(0, 5).lo, 0);
  EXPECT_EQ(share_of(5, 5).hi, 1);
  EXPECT_NEAR(share_of(5, 5).lo, 1 - share_of(0, 5).hi, 1e-12);
  EXPECT_TRUE(std::isnan(share_of(0, 0).value));
}

TEST(Audit, CountsWhatTheRuleGetsRightAndWrong) {
  const SmallText text =
      small_text({{" I", " saw", " Anna", " Bell", "e"}, {" I", " A", " in", " rome", " I"}});
  const LabelTrack rule = track("T.TTTTT..T");
  const LabelTrack gold = track("..TTx.T.T.");
  const Audit a = audit(rule, &gold, text.corpus, text.stream, {});
  ASSERT_TRUE(a.gold);
  EXPECT_EQ(a.n_tokens, 10u);
  EXPECT_EQ(a.n_target, 7u);
  EXPECT_EQ(a.gold->n_rule, 6u);  // the piece that gold excludes is not counted
  EXPECT_EQ(a.gold->n_gold, 4u);
  EXPECT_EQ(a.gold->n_both, 3u);
  EXPECT_DOUBLE_EQ(a.gold->precision.value, 0.5);
  EXPECT_DOUBLE_EQ(a.gold->recall.value, 0.75);
  EXPECT_DOUBLE_EQ(a.gold->f1, 0.6);
  EXPECT_THAT(written(a.gold->false_positives), ElementsAre(" I=3"));
  EXPECT_THAT(written(a.gold->misses), ElementsAre(" rome=1"));
}

TEST(Audit, FrequentTokensComeFirstThenByBytes) {
  const SmallText text = small_text({{"b", "a", "c", "c", "d"}});
  const LabelTrack rule = track("TTTTT");
  const LabelTrack gold = track(".....");
  const Audit a = audit(rule, &gold, text.corpus, text.stream, {.n_frequent = 3});
  EXPECT_THAT(written(a.gold->false_positives), ElementsAre("c=2", "a=1", "b=1"));
  EXPECT_EQ(a.gold->precision.value, 0);
  EXPECT_TRUE(std::isnan(a.gold->recall.value));
}

TEST(Audit, WithoutGoldThereIsNoComparison) {
  const SmallText text = small_text({{" a"}});
  EXPECT_FALSE(audit(track("."), nullptr, text.corpus, text.stream, {}).gold);
  const LabelTrack none = track(".");
  const Audit a = audit(none, &none, text.corpus, text.stream, {});
  EXPECT_TRUE(std::isnan(a.gold->f1));
  EXPECT_TRUE(a.examples.empty());
}

TEST(Audit, NamesAreOfXposIfTheTextHasIt) {
  SmallText text = small_text({{" Anna"}, {" saw"}});
  text.corpus.documents[0].gold_words = {{.begin_bytes = 1, .end_bytes = 5, .upos = "PROPN", .xpos = ""}};
  EXPECT_EQ(gold_of_names(text.corpus), "upos:PROPN");
  text.corpus.documents[1].gold_words = {{.begin_bytes = 1, .end_bytes = 4, .upos = "VERB", .xpos = "VBD"}};
  EXPECT_EQ(gold_of_names(text.corpus), "xpos:NNP,NNPS");
  EXPECT_EQ(gold_of_names(small_text({}).corpus), "upos:PROPN");
}

TEST(Audit, ShowsTargetsInTheirDocumentOnly) {
  const SmallText text = small_text({{"far", " away"}, {"in", " Rome", " we", " met", " Anna"}});
  const Audit a = audit(track("...T..T"), nullptr, text.corpus, text.stream, {.n_context_tokens = 2});
  ASSERT_EQ(a.examples.size(), 2u);
  EXPECT_EQ(a.examples[0].token_index, 3u);
  EXPECT_EQ(a.examples[0].left, "in");
  EXPECT_EQ(a.examples[0].token, " Rome");
  EXPECT_EQ(a.examples[0].right, " we met");
  EXPECT_EQ(a.examples[1].left, " we met");
  EXPECT_EQ(a.examples[1].right, "");
}

TEST(Audit, ContextsAreWholeCharacters) {
  const SmallText text = small_text({{"\xC3", "\x89t", "\xC3", "\xA9", " X\xE2", "\x82", "\xAC", "z"}});
  for (const std::size_t n : {0, 1, 2, 3}) {
    const Audit a = audit(track("....T..."), nullptr, text.corpus, text.stream, {.n_context_tokens = n});
    ASSERT_EQ(a.examples.size(), 1u);
    EXPECT_EQ(a.examples[0].token, " X€");
    EXPECT_EQ(a.examples[0].left, n < 2 ? "" : n == 2 ? "é" : "té");
    EXPECT_EQ(a.examples[0].right, n < 3 ? "" : "z");
  }
}

TEST(Audit, ExamplesAreDrawnBySeedInTheOrderOfTheText) {
  const SmallText text = small_text({std::vector<std::string>(100, " X")});
  const LabelTrack rule = track(std::string(100, 'T'));
  const auto drawn_tokens = [&](std::uint64_t seed) {
    std::vector<std::uint64_t> out;
    for (const InContext& e :
         audit(rule, nullptr, text.corpus, text.stream, {.n_examples = 5, .seed = seed}).examples) {
      out.push_back(e.token_index);
    }
    return out;
  };
  EXPECT_EQ(drawn_tokens(1).size(), 5u);
  EXPECT_THAT(drawn_tokens(1), testing::WhenSorted(testing::ElementsAreArray(drawn_tokens(1))));
  EXPECT_EQ(drawn_tokens(1), drawn_tokens(1));
  EXPECT_NE(drawn_tokens(1), drawn_tokens(2));
}

}  // namespace
}  // namespace penfield::labels
