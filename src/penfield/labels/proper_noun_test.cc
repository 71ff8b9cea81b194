#include "penfield/labels/proper_noun.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/random.h"
#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

using Documents = std::vector<std::vector<std::string>>;

std::string sound(const Documents& documents, Pieces pieces = Pieces::kFirst) {
  const SmallText text = small_text(documents);
  return drawn(label_proper_nouns(text.corpus, text.stream, ProperNounRule::kSound, pieces));
}
std::string initial(const Documents& documents, Pieces pieces = Pieces::kFirst) {
  const SmallText text = small_text(documents);
  return drawn(label_sentence_initial_capitals(text.corpus, text.stream, pieces));
}
std::string study(const Documents& documents) {
  const SmallText text = small_text(documents);
  return drawn(label_proper_nouns(text.corpus, text.stream, ProperNounRule::kStudy, Pieces::kAll));
}

TEST(ProperNoun, ASentenceStartIsNoTarget) {
  const Documents text = {
      {" Robert", " met", " Anna", ".", " She", " said", ":", " Go", "!", " Go", "?", " I", " go"}};
  EXPECT_EQ(sound(text), "..T....T.....");
  EXPECT_EQ(study(text), "..T..........");
}

TEST(ProperNoun, TheStudysRuleWantsThreeCharacters) {
  const Documents text = {{" by", " X", " Al", "Al", " \xC3\x89t", "ABC"}};
  EXPECT_EQ(sound(text), ".TTxTx") << "the words are X, AlAl and ÉtABC";
  EXPECT_EQ(study(text), "..T.TT");
}

TEST(ProperNoun, ALineBreakIsASentenceStartForTheSoundRule) {
  const Documents text = {{" by", "\n", " Anna", " \n", "\n", "Bob", " ", " ", "Carl"}};
  EXPECT_EQ(sound(text), "........T");
  EXPECT_EQ(study(text), "..T..T..T");
  // Wherever the tokeniser cut the white space.
  EXPECT_EQ(sound({{" by", "\nAnna", " by\n", " Bob", " by ", " Carl"}}), ".....T");
  EXPECT_EQ(sound({{" by", "\r", "Anna", "\u2028", "Bob", "\u00A0", "Carl"}}), "......T");
}

TEST(ProperNoun, ASentenceEndIsSeenThroughWhiteSpace) {
  EXPECT_EQ(sound({{" end", ".", " ", " ", "Anna"}}), ".....");
  EXPECT_EQ(sound({{" end", ". ", "Anna", ".", " \t", "Bob"}}), "......");
  EXPECT_EQ(study({{" end", ".", " ", " ", "Anna"}}), "....T");  // it looks at one token only
  EXPECT_EQ(study({{" end", ". ", "Anna"}}), "..T");
  EXPECT_EQ(study({{" Mr", ".", " Bean", "...", " Then", ".\"", " Then"}}), "......T");
  EXPECT_EQ(sound({{" Mr", ".", " Bean", "...", " Then", ".\"", " Then"}}), "......T");
}

TEST(ProperNoun, DocumentsAreJoinedForTheStudyOnly) {
  const Documents text = {{"Anna", " saw"}, {}, {" Bob", "."}, {" Carl", " and", " Dora"}};
  EXPECT_EQ(sound(text), "......T");
  EXPECT_EQ(study(text), "..T...T");
}

TEST(ProperNoun, AWhiteSpaceStartIsStillTheStart) {
  EXPECT_EQ(sound({{" ", " ", "Anna"}}), "...");
  EXPECT_EQ(study({{" ", " ", "Anna"}}), "..T");
}

TEST(ProperNoun, PiecesOfACharacterAreNoLettersToTheStudy) {
  // É is C3 89, Ж is D0 96: alone, neither byte is a letter.
  EXPECT_EQ(sound({{" a", " \xC3", "\x89tat", " \xD0", "\x96", "X"}}), ".TxTxx");
  EXPECT_EQ(study({{" a", " A\xE2\x80", " \xC3", "\x89tat", "ABC"}}), ".T..T");
}

TEST(ProperNoun, TitleCaseAndOtherScriptsCount) {
  EXPECT_EQ(sound({{" v", " \u01C5", " Москва", " Αθήνα", " 東京", " éa", " Éa"}}), ".TTT..T");
}

TEST(ProperNoun, EmptyTextHasNoLabels) {
  EXPECT_EQ(sound({}), "");
  EXPECT_EQ(study({{}}), "");
  EXPECT_EQ(study({{"Anna"}}), ".");
}

TEST(ProperNoun, MarksWordsNotTheirPieces) {
  const Documents text = {
      {" a", " Mc", "Don", "ald", "'s", " O", "'", "Neill", " New", "-", "York", " e", "Bay"}};
  EXPECT_EQ(sound(text), ".Txx.TxxTxx..");
  EXPECT_EQ(sound(text, Pieces::kAll), ".TTT.TTTTTT..");
  EXPECT_EQ(sound(text, Pieces::kLast), ".xxT.xxTxxT..");
}

TEST(ProperNoun, ThePronounIIsNoName) {
  const Documents text = {
      {" so", " I", " am", " I", "'m", " I", "\u2019ll", " I", "-", "95", " II", " I", ".", " I"}};
  EXPECT_EQ(sound(text), ".......TxxT...");
  EXPECT_EQ(initial(text), "..............");
  EXPECT_EQ(initial({{"I", "'m", " It", ".", " I", "van"}}), "....Tx");
  EXPECT_EQ(sound({{" so", " A", " B"}}), ".TT") << "other single letters are as any word";
}

// Whatever the tokens, a word marks the one that holds its first byte, and the same words are marked.
TEST(ProperNoun, TheSameWordsHoweverTheTextIsCut) {
  const std::string whole =
      "So it was McDonald\u2019s. \u00c9tat of Москва? No, New-York: I'm from O'Neill\n Then";
  Random random(5);
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<std::string> tokens;
    for (std::size_t at = 0; at < whole.size();) {
      const std::size_t n = 1 + random.below(6);
      tokens.push_back(whole.substr(at, n));
      at += n;
    }
    const SmallText text = small_text({tokens});
    const auto labels = label_proper_nouns(text.corpus, text.stream, ProperNounRule::kSound, Pieces::kAll);
    std::size_t n_targets = 0;
    for (const char* name : {"McDonald", "Москва", "New-York", "O'Neill"}) {
      const std::size_t begin = whole.find(name);
      const std::size_t end = begin + std::string_view(name).size();
      for (std::size_t t = 0; t < tokens.size(); ++t) {
        if (text.stream.end_bytes[t] <= begin || text.stream.begin_bytes[t] >= end) continue;
        EXPECT_EQ(labels[t], Label::kTarget) << name << ' ' << tokens[t];
      }
    }
    for (std::size_t t = 0; t < tokens.size(); ++t) n_targets += labels[t] == Label::kTarget ? 1 : 0;
    const std::string first = sound({tokens});
    const std::string last = sound({tokens}, Pieces::kLast);
    EXPECT_EQ(std::count(first.begin(), first.end(), 'T'), 4);
    EXPECT_EQ(std::count(last.begin(), last.end(), 'T'), 4);
    EXPECT_GE(n_targets, 4u);
    const std::string starts = initial({tokens});  // So, État, No, Then
    EXPECT_EQ(std::count(starts.begin(), starts.end(), 'T'), 4);
  }
}

TEST(SentenceInitialCapital, IsWhatTheSoundRuleLeavesOfTheCapitals) {
  const Documents text = {
      {" Robert", " met", " Anna", ".", " She", " said", ":", " Go", "!", " Go", "?", " I", " go"}};
  EXPECT_EQ(sound(text), "..T....T.....");
  EXPECT_EQ(initial(text), "T...T....T...");
  EXPECT_EQ(initial({{" by", "\n", " Anna", " \n", "\n", "Bob", " ", " ", "Carl"},
                     {"Dora", " Eve", ".", " \u00c9t", " x"}}),
            "..T..T...T..T.");
  EXPECT_EQ(initial({{"by", "\nAnna", " 7", ".", "7", " B"}}), ".T....");
}

}  // namespace
}  // namespace penfield::labels
