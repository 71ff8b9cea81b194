#include "penfield/labels/concept.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace penfield::labels {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Concept, ReadsEveryForm) {
  const auto sound = Concept::parse("proper-noun");
  ASSERT_TRUE(sound);
  EXPECT_EQ(std::get<ProperNounRule>(sound->rule()), ProperNounRule::kSound);
  EXPECT_EQ(std::get<ProperNounRule>(Concept::parse("proper-noun-study")->rule()), ProperNounRule::kStudy);
  EXPECT_FALSE(sound->needs_gold());
  EXPECT_TRUE(
      std::holds_alternative<SentenceInitialCapital>(Concept::parse("sentence-initial-capital")->rule()));

  const auto words = Concept::parse("words:Paris,london");
  ASSERT_TRUE(words);
  EXPECT_EQ(words->name(), "words:Paris,london");
  EXPECT_THAT(std::get<WordList>(words->rule()).folded(), ElementsAre("london", "paris"));
  EXPECT_FALSE(words->needs_gold());

  const auto xpos = Concept::parse("xpos:NNP,NNPS,-LRB-,:");
  ASSERT_TRUE(xpos);
  EXPECT_TRUE(xpos->needs_gold());
  EXPECT_EQ(std::get<GoldTags>(xpos->rule()).column, GoldTags::Column::kXpos);
  EXPECT_THAT(std::get<GoldTags>(xpos->rule()).tags, ElementsAre("NNP", "NNPS", "-LRB-", ":"));
  EXPECT_EQ(std::get<GoldTags>(Concept::parse("upos:PROPN")->rule()).column, GoldTags::Column::kUpos);

  EXPECT_EQ(std::get<LabelFile>(Concept::parse("labels:a:b.txt")->rule()).path, "a:b.txt");
}

TEST(Concept, NamesTheNearestOne) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"proper-nuon", "did you mean proper-noun?"},
      {"propernoun", "did you mean proper-noun?"},
      {"word:paris", "did you mean words:paris,london?"},
      {"upso:PROPN", "did you mean upos:PROPN?"},
      {"Labels:x", "did you mean labels:./mine.txt?"},
      {"proper-noun-studie", "did you mean proper-noun-study?"},
      {"", "unknown concept ''"},
      {std::string(100000, 'x'), "unknown concept"},
      {"upos:PROPM", "did you mean PROPN?"},
      {"upos:propn", "did you mean"},
  };
  for (const auto& [spec, message] : cases) {
    const auto parsed = Concept::parse(spec);
    ASSERT_FALSE(parsed) << spec;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(parsed.error().message, HasSubstr(message));
  }
}

TEST(Concept, RefusesMissingAndNeedlessArguments) {
  for (const char* spec : {"words", "words:", "upos", "upos:", "xpos:NNP,,NN", "xpos:NNP,",
                           "labels:", "proper-noun:", "proper-noun:x", "words:new york"}) {
    const auto parsed = Concept::parse(spec);
    ASSERT_FALSE(parsed) << spec;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage) << spec;
  }
}

TEST(Concept, ANameWithASlashOrADotIsAFile) {
  EXPECT_EQ(Concept::parse("words:./no-such-file").error().kind, ErrorKind::kIo);
  EXPECT_EQ(Concept::parse("words:no-such-file.txt").error().kind, ErrorKind::kIo);
  EXPECT_TRUE(Concept::parse("words:no-such-file"));
}

TEST(Concept, EveryExampleInTheListParses) {
  EXPECT_EQ(list_concepts().front().name, "proper-noun");
  for (const ConceptInfo& info : list_concepts()) {
    const auto parsed = Concept::parse(info.example);
    EXPECT_TRUE(parsed) << info.example;
    EXPECT_FALSE(info.description.empty());
    EXPECT_EQ(info.description.find('\n'), std::string_view::npos);
  }
}

// Another case is no other word.
TEST(Concept, TheNearestNameIsFoundInAnyCase) {
  for (const auto& [spec, near] : {std::pair("upos:propn", "PROPN?"),
                                   {"upos:noun", "NOUN?"},
                                   {"upos:Propm", "PROPN?"},
                                   {"PROPER-NOUN", "proper-noun?"},
                                   {"Words:paris", "words:paris,london?"}}) {
    const auto concept_of = Concept::parse(spec);
    ASSERT_FALSE(concept_of) << spec;
    EXPECT_NE(concept_of.error().message.find(std::string("did you mean ") + near), std::string::npos)
        << concept_of.error().message;
  }
}

}  // namespace
}  // namespace penfield::labels
