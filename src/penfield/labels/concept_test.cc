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

  EXPECT_TRUE(std::holds_alternative<Capital>(Concept::parse("capital")->rule()));
  EXPECT_EQ(std::get<LabelFile>(Concept::parse("labels:a:b.txt")->rule()).path, "a:b.txt");
}

std::vector<std::string> names(const std::vector<Concept>& concepts) {
  std::vector<std::string> out;
  for (const Concept& c : concepts) out.push_back(c.name());
  return out;
}

TEST(Concept, PartsAreJoinedByAnd) {
  const auto parsed = Concept::parse("capital and not upos:PROPN,X  and words:paris and not  proper-noun");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->name(), "capital and not upos:PROPN,X  and words:paris and not  proper-noun");
  const auto& parts = std::get<Combination>(parsed->rule());
  EXPECT_THAT(names(parts.all_of), ElementsAre("capital", "words:paris"));
  EXPECT_THAT(names(parts.none_of), ElementsAre("upos:PROPN,X", "proper-noun"));
  EXPECT_TRUE(parsed->needs_gold());
  EXPECT_FALSE(Concept::parse("capital and not words:paris")->needs_gold());
  EXPECT_TRUE(Concept::parse("xpos:NN and not capital")->needs_gold());
  // The order is free, and "and" within a word is none.
  EXPECT_THAT(names(std::get<Combination>(Concept::parse("not capital and words:sand,andy")->rule()).all_of),
              ElementsAre("words:sand,andy"));
  EXPECT_TRUE(std::holds_alternative<WordList>(Concept::parse("words:and")->rule()));
}

TEST(Concept, TheWrongPartOfACombinationIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"captial and not upos:PROPN",
       "in the concept 'captial and not upos:PROPN': unknown concept 'captial': did you "
       "mean capital?"},
      {"capital and not upos:PROPM", "concept upos:PROPM: 'PROPM' is not a universal part-of-speech tag"},
      {"capital and not not upos:X", "unknown concept 'not upos:X'"},
      {"capital and upos:", "concept upos: needs TAGS after a colon"},
      {"capital and", "a concept is missing before or after `and`"},
      {" and capital", "a concept is missing before or after `and`"},
      {"capital and and proper-noun", "a concept is missing before or after `and`"},
      {"capital and not", "a concept is missing before or after `and`"},
      {"and", "a concept is missing before or after `and`"},
      {"not capital", "says only what is not marked"},
      {"not capital and not proper-noun", "says only what is not marked"},
      {"capital and words:new york", "'new york' is not one word"},
  };
  for (const auto& [spec, message] : cases) {
    const auto parsed = Concept::parse(spec);
    ASSERT_FALSE(parsed) << spec;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(parsed.error().message, HasSubstr(message));
    EXPECT_THAT(parsed.error().message, HasSubstr(spec));
  }
  EXPECT_EQ(Concept::parse("capital and words:./no-such-file").error().kind, ErrorKind::kIo);
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

TEST(Concept, NamesNoneWhereNoneIsNear) {
  for (const char* spec : {"regex:foo", "foo", "sentiment"}) {
    const auto parsed = Concept::parse(spec);
    ASSERT_FALSE(parsed) << spec;
    EXPECT_THAT(parsed.error().message, testing::Not(HasSubstr("did you mean"))) << spec;
    EXPECT_THAT(parsed.error().message, HasSubstr("`penfield concepts`")) << spec;
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

TEST(Concept, ThoseThatMayReadAFileAreTold) {
  for (const char* reads : {"words:./cities.txt", "words:/cities", "words:cities.txt", "labels:mine",
                            "capital and words:./cities.txt", "capital and not labels:mine"})
    EXPECT_TRUE(may_read_file(reads)) << reads;
  for (const ConceptInfo& info : list_concepts())
    EXPECT_EQ(may_read_file(info.example), info.name == "labels") << info.example;
}

}  // namespace
}  // namespace penfield::labels
