#include "penfield/labels/label_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

using testing::HasSubstr;

std::string labelled(std::string_view spec, const SmallText& text, Pieces pieces = Pieces::kFirst) {
  const auto track = label_tokens(*Concept::parse(spec), text.corpus, text.stream, pieces);
  if (!track) return track.error().message;
  EXPECT_EQ(track->concept_name, spec);
  std::uint64_t n_target = 0;
  for (const Label label : track->labels) n_target += label == Label::kTarget;
  EXPECT_EQ(track->n_target, n_target);
  return drawn(track->labels);
}

void add_gold(SmallText& text, std::size_t document, std::uint64_t begin, std::uint64_t end, const char* upos,
              const char* xpos) {
  text.corpus.has_gold = true;
  text.corpus.documents[document].gold_words.push_back(
      {.begin_bytes = begin, .end_bytes = end, .upos = upos, .xpos = xpos});
}

// "from McCain's New-York\n": McCain, 's, New, -, York are gold words; New York's middle is a token of its
// own.
SmallText names() {
  SmallText text = small_text({{"from", " Mc", "C", "ain", "'s", " New", "-", "York", "\n"}, {"Paris"}});
  add_gold(text, 0, 0, 4, "ADP", "IN");
  add_gold(text, 0, 5, 11, "PROPN", "NNP");
  add_gold(text, 0, 11, 13, "PART", "POS");
  add_gold(text, 0, 14, 17, "PROPN", "NNP");
  add_gold(text, 0, 17, 18, "PUNCT", "HYPH");
  add_gold(text, 0, 18, 22, "PROPN", "NNPS");
  return text;
}

TEST(LabelTokens, GoldWordsByPieces) {
  const SmallText text = names();
  EXPECT_EQ(labelled("upos:PROPN", text), ".Txx.T.T.x");
  EXPECT_EQ(labelled("upos:PROPN", text, Pieces::kAll), ".TTT.T.T.x");
  EXPECT_EQ(labelled("upos:PROPN", text, Pieces::kLast), ".xxT.T.T.x");
  EXPECT_EQ(labelled("xpos:NNPS", text), ".......T.x");
  EXPECT_EQ(labelled("xpos:NNP,POS", text), ".TxxTT...x");
  EXPECT_EQ(labelled("xpos:NONE", text), ".........x");
}

TEST(LabelTokens, GoldConceptsNeedGoldText) {
  const SmallText text = small_text({{" Anna"}});
  const auto track = label_tokens(*Concept::parse("xpos:NNP"), text.corpus, text.stream);
  ASSERT_FALSE(track);
  EXPECT_EQ(track.error().kind, ErrorKind::kBadInput);
  EXPECT_THAT(track.error().message, HasSubstr("no gold tags"));
}

TEST(LabelTokens, WordsByPieces) {
  const SmallText text =
      small_text({{"In", " Par", "is", ",", " \"", "Paris", "\",", " Par", "ish", "."}, {"paris"}});
  EXPECT_EQ(labelled("words:PARIS", text), ".Tx..T....T");
  EXPECT_EQ(labelled("words:PARIS", text, Pieces::kAll), ".TT..T....T");
  EXPECT_EQ(labelled("words:PARIS", text, Pieces::kLast), ".xT..T....T");
}

TEST(LabelTokens, WordsOfBrokenCharactersAreFound) {
  const SmallText text = small_text({{" \xE6\x9D", "\xB1", "\xE4\xBA\xAC", " x"}});
  EXPECT_EQ(labelled("words:東京", text), "Txx.");
  EXPECT_EQ(labelled("words:東京", text, Pieces::kLast), "xxT.");
}

TEST(LabelTokens, ATokenOfTwoWordsIsATargetWhereEitherAsks) {
  SmallText text = small_text({{"AB", "C"}});
  add_gold(text, 0, 0, 1, "PROPN", "NNP");
  add_gold(text, 0, 1, 3, "PROPN", "NNP");
  EXPECT_EQ(labelled("upos:PROPN", text), "Tx");
  EXPECT_EQ(labelled("upos:PROPN", text, Pieces::kLast), "TT");
}

TEST(LabelTokens, TheRuleOfTheStudyTakesNoNoticeOfPieces) {
  const SmallText text = names();
  EXPECT_EQ(labelled("proper-noun", text, Pieces::kFirst), ".Txx.Txx..");
  EXPECT_EQ(labelled("proper-noun", text, Pieces::kAll), ".TTT.TTT..");
  EXPECT_EQ(labelled("proper-noun-study", text, Pieces::kFirst), ".T...T.T.T");
  EXPECT_EQ(labelled("proper-noun-study", text, Pieces::kAll), ".T...T.T.T");
  EXPECT_EQ(labelled("sentence-initial-capital", text, Pieces::kAll), ".........T");
}

TEST(LabelTokens, CapitalsAreWordsByPieces) {
  const SmallText text = small_text({{"I", " saw", " Mc", "Don", "ald", "'s", ".", " It", " e", "Bay",
                                      " \xC3", "\x89t", "\"Paris", "\"", " 3", "D"}});
  EXPECT_EQ(labelled("capital", text), "T.Txx..T..TxT...");
  EXPECT_EQ(labelled("capital", text, Pieces::kAll), "T.TTT..T..TTT...");
  EXPECT_EQ(labelled("capital", text, Pieces::kLast), "T.xxT..T..xTT...");
}

TEST(LabelTokens, CombinationsOfConcepts) {
  const SmallText text = names();
  EXPECT_EQ(labelled("capital", text), ".Txx.Txx.T");
  EXPECT_EQ(labelled("capital and not upos:PROPN", text), "..xx..xx.x");
  EXPECT_EQ(labelled("capital and upos:PROPN", text), ".Txx.Txx.x");
  EXPECT_EQ(labelled("upos:PROPN and not xpos:NNPS", text, Pieces::kAll), ".TTT.T...x");
  EXPECT_EQ(labelled("capital and not words:paris", text), ".Txx.Txx..");
  EXPECT_EQ(labelled("not words:paris,york and capital and not words:mccain", text), "..xx.Txx..");
  EXPECT_THAT(labelled("capital and not upos:PROPN", small_text({{" Anna"}})), HasSubstr("no gold tags"));
}

TEST(LabelTokens, NoTargetAndOnlyTargetsAreNoErrors) {
  const SmallText text = small_text({{"paris", " paris"}});
  EXPECT_EQ(labelled("words:london", text), "..");
  EXPECT_EQ(labelled("words:paris", text), "TT");
  EXPECT_EQ(labelled("words:paris", small_text({})), "");
}

// However a text is cut into tokens, a word that is found marks at least one token, and its pieces add up.
TEST(LabelTokens, PiecesAgreeHoweverTheTextIsCut) {
  const std::string whole = "the Paris of parisian paris-goers, and Paris's \"PARIS\"";
  Random random(3);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < whole.size();) {
      const std::size_t n = 1 + random.below(6);
      tokens.push_back(whole.substr(at, n));
      at += n;
    }
    const SmallText text = small_text({tokens});
    const std::string first = labelled("words:paris", text, Pieces::kFirst);
    const std::string last = labelled("words:paris", text, Pieces::kLast);
    const std::string all = labelled("words:paris", text, Pieces::kAll);
    EXPECT_EQ(std::count(first.begin(), first.end(), 'T'), 3);
    EXPECT_EQ(std::count(last.begin(), last.end(), 'T'), 3);
    for (std::size_t t = 0; t < all.size(); ++t) {
      EXPECT_EQ(all[t] == 'T', first[t] != '.');
      EXPECT_EQ(all[t] == 'T', last[t] != '.');
    }
  }
}

}  // namespace
}  // namespace penfield::labels
