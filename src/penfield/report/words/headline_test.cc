#include "penfield/report/words/headline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::report {
namespace {

using findings::Effect;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

findings::Finding unit_of(std::uint32_t index, int direction, double auc, double lo, double hi,
                          Effect effect) {
  findings::Finding unit;
  unit.unit = {Site::kMlpPre, 2, index};
  unit.direction = direction;
  unit.held_out.unseen_auc = auc;
  unit.held_out.unseen_auc_words_lo = lo;
  unit.held_out.unseen_auc_words_hi = hi;
  unit.effect = effect;
  return unit;
}

// Three units, of which two have an effect: one excited, one suppressed and surer.
ReportData data_of() {
  ReportData data;
  data.run.concept_name = "proper-noun";
  data.run.counts[1].n_target = 500;
  data.run.n_discovery_words = {410, 660};
  data.run.controls.match = {sample::Trait::kLength};
  data.run.controls.near_miss = "capitals that begin a sentence";
  data.run.controls.nulls = {{.kind = store::NullKind::kLists, .n_runs = 20, .runs = {20, store::NullRun{}}}};
  data.run.words = {.n_words = {170, 460}, .n_moderate = 2, .n_strong = 1, .n_specific = 1, .n_carrier = 1};
  data.units = {unit_of(0, 1, 0.8, 0.75, 0.85, Effect::kModerate),
                unit_of(1, 1, 0.6, 0.5, 0.7, Effect::kNone),
                unit_of(2, -1, 0.1, 0.06, 0.15, Effect::kStrong)};
  return data;
}

TEST(Headline, SaysWhatSurvivesAndNamesTheSurestUnit) {
  EXPECT_THAT(
      tell_headline(data_of()),
      ElementsAre(
          AllOf(
              HasSubstr(
                  "1 of 3 units distinguishes proper-noun from matched tokens on words not seen in discovery "
                  "with an AUC whose 95% interval lies above 0.8 (2 above 0.7)"),
              HasSubstr("The best is L2.2: AUC 0.100 [0.060, 0.150]; suppressed.")),
          "In 20 control lists (random words of the same frequency), no unit reaches 0.7.",
          AllOf(HasSubstr("Of the 2 above 0.7, 1 also distinguish it from capitals that begin a sentence"),
                HasSubstr("1 respond only to what both share, and 0 are undecided"))));
}

TEST(Headline, TheBestUnitIsSureOnEveryRung) {
  ReportData data = data_of();
  const auto set_near_miss = [&](std::size_t unit, double auc, double lo, double hi) {
    data.units[unit].ladder.near_miss = auc;
    data.units[unit].ladder.near_miss_lo = lo;
    data.units[unit].ladder.near_miss_hi = hi;
  };
  set_near_miss(0, 0.9, 0.85, 0.95);
  set_near_miss(2, 0.4, 0.3, 0.5);
  EXPECT_THAT(
      tell_headline(data)[0],
      HasSubstr("The best is L2.0: AUC 0.800 [0.750, 0.850], against capitals that begin a sentence 0.900 "
                "[0.850, 0.950]."));
}

TEST(Headline, ANumberThatAListReachesIsSaidToBeReached) {
  ReportData data = data_of();
  data.run.controls.nulls[0].runs[3].n_moderate = 4;
  data.run.controls.nulls[0].runs[5].n_moderate = 1;
  EXPECT_THAT(tell_headline(data)[1], HasSubstr("2 have a unit that reaches 0.7, and none has more than 4"));
  data.run.controls.nulls.clear();
  EXPECT_THAT(tell_headline(data)[1], HasSubstr("--null lists"));
}

TEST(Headline, WithoutAnEffectNothingElseIsClaimed) {
  ReportData data = data_of();
  for (findings::Finding& unit : data.units) unit.effect = Effect::kNone;
  data.run.words.n_moderate = data.run.words.n_strong = 0;
  const auto sentences = tell_headline(data);
  ASSERT_EQ(sentences.size(), 2u);
  EXPECT_THAT(sentences[0], HasSubstr("None of 3 units distinguishes proper-noun from matched tokens"));
}

TEST(Headline, TooFewUnseenWordsAreSaidToBeTooFew) {
  ReportData data = data_of();
  data.run.words.n_words.n_target = 19;
  EXPECT_THAT(tell_headline(data), ElementsAre(AllOf(HasSubstr("19 target words"), HasSubstr("--budget"))));
  data.run.counts[1].n_target = 0;
  EXPECT_THAT(tell_headline(data), ElementsAre());
}

TEST(Headline, NamesTheComparison) {
  ReportData data = data_of();
  data.run.controls.match.clear();
  EXPECT_THAT(tell_headline(data)[0], HasSubstr("from all other tokens"));
  data.run.controls.against = "upos:NOUN";
  EXPECT_THAT(tell_headline(data)[0], HasSubstr("from upos:NOUN tokens"));
}

}  // namespace
}  // namespace penfield::report
