#include "penfield/labels/near_miss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace penfield::labels {
namespace {

std::optional<NearMiss> of(const std::string& spec) {
  return near_miss(Concept::parse(spec).value());
}

TEST(NearMiss, OfNamesIsTheOtherCapitals) {
  for (const char* rule : {"proper-noun", "proper-noun-study"}) {
    EXPECT_EQ(of(rule)->concept_spec, "sentence-initial-capital");
    EXPECT_FALSE(of(rule)->by_sentence_initial) << "no name of the rule begins a sentence";
    EXPECT_EQ(of(rule)->phrase, "capitals that begin a sentence");
  }
  EXPECT_EQ(of("upos:PROPN")->concept_spec, "capital and not upos:PROPN");
  for (const char* tags : {"xpos:NNP,NNPS", "xpos:NNPS", "xpos:NNPS,NNP"})
    EXPECT_EQ(of(tags)->concept_spec, "capital and not xpos:NNP,NNPS");
  EXPECT_TRUE(of("upos:PROPN")->by_sentence_initial);
  EXPECT_TRUE(of("xpos:NNP")->by_sentence_initial);
}

TEST(NearMiss, OfATagIsTheTagThatItIsConfusedWith) {
  EXPECT_EQ(of("upos:VERB")->concept_spec, "upos:NOUN");
  EXPECT_EQ(of("upos:VERB")->phrase, "common nouns");
  EXPECT_EQ(of("upos:ADP,PROPN")->concept_spec, "upos:PART");
  EXPECT_EQ(of("upos:VERB,NOUN"), std::nullopt) << "what verbs are confused with is asked for as well";
  EXPECT_EQ(of("xpos:VBD"), std::nullopt);
  EXPECT_EQ(of("xpos:NNP,NN"), std::nullopt);
}

TEST(NearMiss, EveryOneIsAConceptThatIsNotTheFirst) {
  for (const char* tag : {"ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON",
                          "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"}) {
    const auto found = of(std::string("upos:") + tag);
    ASSERT_TRUE(found) << tag;
    EXPECT_EQ(found->kind, NearMiss::Kind::kConcept);
    const auto parsed = Concept::parse(found->concept_spec);
    ASSERT_TRUE(parsed) << found->concept_spec;
    EXPECT_NE(found->concept_spec, std::string("upos:") + tag);
    EXPECT_FALSE(found->phrase.empty());
  }
}

TEST(NearMiss, OfWordsNeedsTags) {
  const auto words = of("words:paris,london");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->kind, NearMiss::Kind::kSameGoldTag);
  EXPECT_EQ(words->concept_spec, "");
  for (const char* none : {"labels:./mine.txt", "capital", "sentence-initial-capital",
                           "capital and not upos:PROPN", "upos:PROPN and capital"})
    EXPECT_EQ(of(none), std::nullopt) << none;
}

TEST(SpellingRule, IsDecidedByLettersAlone) {
  for (const char* rule : {"proper-noun", "proper-noun-study", "capital", "sentence-initial-capital",
                           "capital and not proper-noun"})
    EXPECT_TRUE(is_spelling_rule(Concept::parse(rule).value())) << rule;
  for (const char* other : {"words:paris", "upos:PROPN", "xpos:NNP", "labels:x", "capital and not upos:PROPN",
                            "upos:PROPN and capital"})
    EXPECT_FALSE(is_spelling_rule(Concept::parse(other).value())) << other;
}

}  // namespace
}  // namespace penfield::labels
