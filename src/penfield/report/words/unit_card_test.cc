#include "penfield/report/words/unit_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "penfield/report/words/lookup.h"
#include "penfield/report/words/synthetic_report_for_tests.h"
#include "penfield/report/words/words.h"

namespace penfield::report {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string all_of(const UnitCard& card) {
  std::string out = card.title + "\n" + card.tally + "\n" + card.headline + "\n";
  for (const auto* lines : {&card.discovery, &card.held_out}) {
    for (const CardLine& line : *lines) out += line.label + ": " + line.sentence + "\n";
  }
  return out;
}

TEST(UnitCard, SaysEverythingInWords) {
  const ReportData data = make_synthetic_report();
  const findings::Finding& best = *best_of_direction(data, 1);
  const std::string card = all_of(make_unit_card(data, best));
  EXPECT_THAT(card, HasSubstr("fires more on proper-noun tokens"));
  EXPECT_THAT(card, HasSubstr("replicated on held-out text."));
  EXPECT_THAT(card, HasSubstr("multiplies the odds of a target by"));
  EXPECT_THAT(card, HasSubstr("Likelihood ratio p\u00a0=\u00a0"));
  EXPECT_THAT(card, HasSubstr("Cohen’s d +"));
  EXPECT_THAT(card, HasSubstr("the same sign as in discovery"));
}

TEST(UnitCard, SaysFirstWhatTheStrongestTokensAre) {
  const ReportData data = make_synthetic_report();
  const findings::Finding& best = *find_unit(data, data.heatmaps.units.front());
  EXPECT_THAT(make_unit_card(data, best).tally,
              testing::MatchesRegex("Of its [0-9]+ (strong|weak)est tokens, .*\\."));
  for (const findings::Finding& unit : data.units) {
    const bool is_shown = !heatmap_values(data.heatmaps, unit.unit).empty();
    EXPECT_EQ(make_unit_card(data, unit).tally.empty(), !is_shown) << to_string(unit.unit);
  }
}

TEST(UnitCard, SaysHowDiscoverysRuleDoesOnHeldOutText) {
  const ReportData data = make_synthetic_report();
  findings::Finding best = *best_of_direction(data, 1);
  best.held_out.prediction = {.calibration_slope = 0.8124,
                              .calibration_intercept = -0.3111,
                              .brier = 0.1214,
                              .brier_scaled = 0.514,
                              .precision = 0.6171,
                              .recall = 0.9042,
                              .f1 = 0.7336,
                              .mcc = 0.6512};
  best.fit.beta = 2;
  best.beta_corrected = 1.5;
  std::string card = all_of(make_unit_card(data, best));
  EXPECT_THAT(
      card, HasSubstr("Corrected for selection (winner’s curse) β\u00a0=\u00a01.500, 75% of the estimate."));
  EXPECT_THAT(card, HasSubstr("whose words discovery did not sample: AUC "));
  EXPECT_THAT(card, HasSubstr("Slope 0.812, intercept −0.31 of discovery’s log-odds"));
  EXPECT_THAT(card, HasSubstr("Brier score 0.121, 51% better than a constant."));
  EXPECT_THAT(card, HasSubstr("Calling a token a target where the activation is at least "));
  EXPECT_THAT(card,
              HasSubstr(" finds 90% of the targets (recall); at the prevalence of targets in the text ("));
  EXPECT_THAT(
      card,
      HasSubstr("62% of the calls are right (precision), F1\u00a0=\u00a00.734, MCC\u00a0=\u00a00.651."));
  const double none = association::UnitFit::kNone;
  best.held_out.prediction.precision = best.held_out.prediction.f1 = best.held_out.prediction.mcc = none;
  card = all_of(make_unit_card(data, best));
  EXPECT_THAT(
      card,
      HasSubstr(
          "(recall); precision is unknown, because the comparison tokens are not a random sample of the text."));
  EXPECT_THAT(card, Not(HasSubstr("(precision)")));
}

TEST(UnitCard, ACorrectionBelowOnePercentIsNotPrinted) {
  const ReportData data = make_synthetic_report();
  findings::Finding best = *best_of_direction(data, 1);
  best.fit.beta = 5;
  best.beta_corrected = 4.951;
  EXPECT_THAT(all_of(make_unit_card(data, best)), Not(HasSubstr("winner’s curse")));
  best.beta_corrected = 4.949;
  EXPECT_THAT(all_of(make_unit_card(data, best)), HasSubstr("4.949, 99% of the estimate."));
}

TEST(UnitCard, SaysWhatANoteMeans) {
  const ReportData data = make_synthetic_report();
  findings::Finding unit = *best_of_direction(data, 1);
  EXPECT_THAT(all_of(make_unit_card(data, unit)), Not(HasSubstr("Note: ")));
  unit.fit.note = association::FitNote::kLimit;
  EXPECT_THAT(all_of(make_unit_card(data, unit)),
              HasSubstr("Note: The covariates alone determine the group"));
  for (std::size_t bit = 0; bit < association::kNoteNames.size(); ++bit)
    EXPECT_FALSE(note_sentences(static_cast<association::FitNote>(1u << bit)).empty());
  const auto both = association::FitNote::kOutlier | association::FitNote::kDiscordant;
  EXPECT_THAT(note_sentences(both), HasSubstr("test do not. β disagrees with the ranks"));
}

TEST(UnitCard, AMissingIntervalLeavesNoGap) {
  const ReportData data = make_synthetic_report();
  findings::Finding unit = *best_of_direction(data, 1);
  unit.fit.auc_lo = unit.fit.cohen_d_hi = unit.held_out.auc_hi = unit.fit.sd = association::UnitFit::kNone;
  const std::string card = all_of(make_unit_card(data, unit));
  for (const char* gap : {" :", " .", " ,", "  ", "NA"}) EXPECT_THAT(card, Not(HasSubstr(gap)));
}

TEST(UnitCard, ASuppressedUnitDividesTheOdds) {
  const ReportData data = make_synthetic_report();
  const std::string card = all_of(make_unit_card(data, *best_of_direction(data, -1)));
  EXPECT_THAT(card, HasSubstr("fires less"));
  EXPECT_THAT(card, HasSubstr("divides the odds"));
}

TEST(UnitCard, SaysWhatSeparationMeans) {
  const ReportData data = make_synthetic_report();
  const findings::Finding& separated = *find_unit(data, {Site::kMlpPre, 2, 7});
  const std::string card = all_of(make_unit_card(data, separated));
  EXPECT_THAT(card, HasSubstr("Firth’s estimate"));
  EXPECT_THAT(card, HasSubstr("Penalised likelihood ratio"));
  EXPECT_THAT(card, HasSubstr("no Wald test"));
}

TEST(UnitCard, NeverShowsAMissingNumber) {
  const ReportData data = make_synthetic_report();
  for (const findings::Finding& finding : data.units) {
    const std::string card = all_of(make_unit_card(data, finding));
    EXPECT_THAT(card, Not(HasSubstr("nan")));
    EXPECT_THAT(card, Not(HasSubstr("NA")));
  }
  findings::Finding empty;
  EXPECT_THAT(all_of(make_unit_card(ReportData{}, empty)), HasSubstr("No held-out tokens."));
}

}  // namespace
}  // namespace penfield::report
