#include "penfield/labels/proper_noun.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "penfield/labels/small_text_for_tests.h"

namespace penfield::labels {
namespace {

using Documents = std::vector<std::vector<std::string>>;

std::string sound(const Documents& documents) {
  const SmallText text = small_text(documents);
  return drawn(label_proper_nouns(text.corpus, text.stream, ProperNounRule::kSound));
}
std::string study(const Documents& documents) {
  const SmallText text = small_text(documents);
  return drawn(label_proper_nouns(text.corpus, text.stream, ProperNounRule::kStudy));
}

TEST(ProperNoun, ASentenceStartIsNoTarget) {
  const Documents text = {
      {" Robert", " met", " Anna", ".", " She", " said", ":", " Go", "!", " Go", "?", " I", " go"}};
  EXPECT_EQ(sound(text), "..T....T.....");
  EXPECT_EQ(study(text), "..T..........");
}

TEST(ProperNoun, TheStudysRuleWantsThreeCharacters) {
  const Documents text = {{" by", " X", " Al", "Al", " \xC3\x89t", "ABC"}};
  EXPECT_EQ(sound(text), ".TTTTT");
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

TEST(ProperNoun, PiecesOfACharacterAreNoLetters) {
  // É is C3 89, Ж is D0 96: alone, neither byte is a letter.
  EXPECT_EQ(sound({{" a", " \xC3", "\x89tat", " \xD0", "\x96", "X"}}), ".....T");
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

TEST(SentenceInitialCapital, IsWhatTheSoundRuleLeavesOfTheCapitals) {
  const auto initial = [](const Documents& documents) {
    const SmallText text = small_text(documents);
    return drawn(label_sentence_initial_capitals(text.corpus, text.stream));
  };
  const Documents text = {
      {" Robert", " met", " Anna", ".", " She", " said", ":", " Go", "!", " Go", "?", " I", " go"}};
  EXPECT_EQ(sound(text), "..T....T.....");
  EXPECT_EQ(initial(text), "T...T....T.T.");
  EXPECT_EQ(initial({{" by", "\n", " Anna", " \n", "\n", "Bob", " ", " ", "Carl"},
                     {"Dora", " Eve", ".", " \u00c9t", " x"}}),
            "..T..T...T..T.");
  EXPECT_EQ(initial({{"by", "\nAnna", " 7", ".", "7", " B"}}), ".T....");
}

}  // namespace
}  // namespace penfield::labels
