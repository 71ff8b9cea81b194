#include "penfield/report/words/control_sentences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ControlSentences, APlainRunHasNone) {
  EXPECT_THAT(comparison_sentences({}), IsEmpty());
  EXPECT_THAT(null_sentences({}), IsEmpty());
}

TEST(ControlSentences, TellWhatWasHeldEqualAndWhatWasLeftOut) {
  store::RunRecord run;
  run.counts[0] = {
      .n_target_available = 578, .n_target = 168, .n_target_capped = 42, .n_target_unmatched = 368};
  run.controls.against = "upos:\x1bNOUN";
  run.controls.n_both = 3;
  run.controls.match = {sample::Trait::kLength};
  run.controls.balance[0] = {{sample::Trait::kLength, 0.64, 0.006}, {sample::Trait::kPosition, -0.2, -0.1}};
  EXPECT_THAT(
      comparison_sentences(run),
      ElementsAre(HasSubstr("those of upos:\\u{1b}NOUN; 3 tokens"), HasSubstr("after): length 0.64 → 0.01."),
                  HasSubstr("Of 578 discovery targets, 368 had no match and 42")));
}

TEST(ControlSentences, TellWhatEveryNullFinds) {
  store::RunRecord run;
  run.controls.n_draws = 5;
  run.controls.n_stable = 12;
  run.controls.nulls = {{.kind = store::NullKind::kLabels,
                         .n_runs = 20,
                         .n_runs_with_finding = 1,
                         .n_significant = 2,
                         .band = 4,
                         .best_neglog10_p = 5.26},
                        {.kind = store::NullKind::kWeights,
                         .n_runs = 1,
                         .n_significant = 700,
                         .n_replicated = 500,
                         .best_neglog10_p = 80}};
  EXPECT_THAT(
      null_sentences(run),
      ElementsAre(
          HasSubstr("12 units are significant in all 5 draws"),
          HasSubstr(
              "1 of 20 runs have a significant unit; at most 4 expected per family (0.1 significant, 0.0 "
              "replicated per run; largest −log10 p 5.3)"),
          HasSubstr("shuffled weights: 700 significant, 500 replicated (largest −log10 p 80.0)")));
}

TEST(ControlSentences, ABandOfNoneIsSaid) {
  store::RunRecord run;
  run.controls.nulls = {{.kind = store::NullKind::kLists, .n_runs = 1, .band = 0}};
  EXPECT_THAT(null_sentences(run),
              ElementsAre(HasSubstr("0 of 1 have a significant unit; at most 0 expected (")));
  run.controls.nulls[0].band.reset();
  EXPECT_THAT(null_sentences(run), ElementsAre(HasSubstr("0 of 1 have a significant unit (")));
}

}  // namespace
}  // namespace penfield::report
