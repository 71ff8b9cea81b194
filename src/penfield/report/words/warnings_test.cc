#include "penfield/report/words/warnings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::report {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

store::RunRecord sound_run() {
  store::RunRecord run;
  for (auto& counts : run.counts) {
    counts = {.n_windows = 8,
              .n_windows_wanted = 8,
              .n_documents = 8,
              .n_tokens = 2048,
              .n_target_available = 200,
              .n_target = 200,
              .n_comparison = 200};
  }
  run.n_target_types = 150;
  return run;
}

TEST(Warnings, ASoundRunHasNone) {
  EXPECT_THAT(find_warnings(sound_run()), IsEmpty());
}

TEST(Warnings, WhatANullFindsIsWeighedAgainstItsBand) {
  store::RunRecord run = sound_run();
  run.n_significant = 100;
  run.layer_summaries = {{.n_units = 1000}};
  store::NullRecord labels{.kind = store::NullKind::kLabels, .n_runs = 20, .n_significant = 9};
  labels.band = 4;
  labels.most_runs_of_a_family = 4;
  store::NullRecord weights{.kind = store::NullKind::kWeights, .n_runs = 1, .n_significant = 49};
  run.controls.nulls = {labels, weights};
  EXPECT_THAT(find_warnings(run), IsEmpty());
  run.controls.nulls[0].most_runs_of_a_family = 5;
  run.controls.nulls[1].n_significant = 50;
  EXPECT_THAT(find_warnings(run),
              ElementsAre(HasSubstr("5 of 20 runs"), HasSubstr("With shuffled weights 50")));
  run.controls.nulls = {{.kind = store::NullKind::kTypes, .n_runs = 2, .n_significant = 120}};
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("label per word type makes 60 units")));
  run.controls.nulls[0].kind = store::NullKind::kRotation;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("In random bases of the layers 60 units")));
  run.controls.nulls[0].kind = store::NullKind::kInit;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("Before training 60 units")));
}

TEST(Warnings, ABandOfNoneIsABand) {
  store::RunRecord run = sound_run();
  run.n_significant = 10;
  run.layer_summaries = {{.n_units = 1000}};
  run.controls.nulls = {{.kind = store::NullKind::kLists, .n_runs = 1, .n_runs_with_finding = 1}};
  run.controls.nulls[0].most_runs_of_a_family = 1;
  EXPECT_THAT(find_warnings(run), IsEmpty()) << "none is known";
  run.controls.nulls[0].band = 0;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("1 of 1 runs have a significant unit; at most 0")));
  run.controls.nulls[0].band.reset();
  run.controls.nulls[0].n_significant = 9;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("Random words of the same frequency make 9 units")));
}

TEST(Warnings, FewPermutedItemsAreNamed) {
  store::RunRecord run = sound_run();
  run.correction = findings::Correction::kMaxT;
  run.permutation = {.within = "token-type",
                     .n_permutations = 1000,
                     .statistic = "studentised-means",
                     .n_target_items = 19,
                     .n_comparison_items = 20};
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("19 words of the targets and 20 of the comparison")));
  run.permutation.within = "document";
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("19 documents")));
  run.permutation.n_target_items = 20;
  EXPECT_THAT(find_warnings(run), IsEmpty());
  run.permutation = {.within = "document", .n_permutations = 1000, .statistic = "score"};
  EXPECT_THAT(find_warnings(run), IsEmpty()) << "samples are permuted, not items";
}

TEST(Warnings, WhatMatchingLeftIsNamed) {
  store::RunRecord run = sound_run();
  run.controls.match = {sample::Trait::kLength};
  run.controls.balance[1] = {{sample::Trait::kLength, 0.5, -0.1}, {sample::Trait::kPosition, 0.5, 0.4}};
  EXPECT_THAT(find_warnings(run), IsEmpty());
  run.controls.balance[1][0].after = -0.11;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("differ by 0.11")));
}

TEST(Warnings, FewClustersAreNamed) {
  store::RunRecord run = sound_run();
  run.clusters[0] = {100, 30, 80};
  EXPECT_THAT(find_warnings(run), IsEmpty());
  run.clusters[0].n_with_target = 29;
  run.clusters[1] = {7, 4, 7};
  EXPECT_THAT(
      find_warnings(run),
      ElementsAre(HasSubstr("29 clusters, the comparison tokens from 80: few"),
                  HasSubstr("held-out targets come from 4 clusters, the comparison tokens from 7: too few")));
}

TEST(Warnings, EachWeaknessIsNamed) {
  store::RunRecord run = sound_run();
  run.counts[0].n_documents = 1;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("one document")));
  run = sound_run();
  run.counts[1].n_windows = 5;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("5 of the 8 held-out windows")));
  run = sound_run();
  run.counts[1].n_target = run.counts[1].n_target_available = 20;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("Only 20 held-out targets")));
  run = sound_run();
  run.n_target_types = 30;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("only 30 different tokens")));
  run = sound_run();
  run.counts[1] = {};
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("No held-out text")));
  run = sound_run();
  run.test = findings::Test::kWald;
  run.layer_summaries.resize(2);
  run.layer_summaries[1].n_separated = 3;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("3 units separate the groups")));
  run.test = findings::Test::kLrt;
  run.layer_summaries[0].n_units = 100;
  run.n_significant = 21;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("21 of 100 units")));
  run.n_significant = 20;
  EXPECT_THAT(find_warnings(run), IsEmpty());
  run.layer_summaries[0].n_units = 3072;
  run.n_significant = 1987;
  EXPECT_THAT(find_warnings(run), ElementsAre(HasSubstr("1,987 of 3,072 units")));
}

TEST(Warnings, AnEasyComparisonIsNamedByWhatWasNotControlled) {
  store::RunRecord run = sound_run();
  run.layer_summaries = {{.n_units = 100}};
  run.n_significant = 60;
  const auto warning = [&] {
    const auto all = find_warnings(run);
    return all.size() == 1 ? all[0] : "not one warning";
  };
  EXPECT_THAT(
      warning(),
      AllOf(HasSubstr("all other tokens"), HasSubstr("Words repeat"),
            EndsWith(
                "penfield scan … --match leading-space,length,log-frequency,punctuation --cap-per-type 4")));
  run.controls.cap_per_type = 4;
  EXPECT_THAT(warning(), AllOf(Not(HasSubstr("repeat")),
                               EndsWith("--match leading-space,length,log-frequency,punctuation")));
  run.controls.match = {sample::Trait::kLength};
  EXPECT_THAT(warning(), AllOf(HasSubstr("matched, but of any kind"), EndsWith("--against CONCEPT")));
  run.controls.against = "upos:NOUN";
  EXPECT_THAT(warning(), AllOf(Not(HasSubstr("punctuation")), EndsWith("penfield scan … --null types")));
  run.controls.match = {};
  EXPECT_THAT(warning(), AllOf(HasSubstr("upos:NOUN"), EndsWith("--match length,log-frequency")));
  run.controls.match = {sample::Trait::kLength};
  run.controls.nulls = {{.kind = store::NullKind::kTypes, .n_runs = 2, .n_significant = 2}};
  EXPECT_THAT(find_warnings(run), IsEmpty());
}

TEST(Warnings, WithWordsAsObservationsOnlyTheNearMissIsLeftToAsk) {
  store::RunRecord run = sound_run();
  run.layer_summaries = {{.n_units = 100}};
  run.n_significant = 60;
  run.correction = findings::Correction::kMaxT;
  run.permutation.within = "token-type";
  run.controls.match = {sample::Trait::kLength};
  EXPECT_THAT(find_warnings(run),
              ElementsAre(AllOf(HasSubstr("matched, but of any kind"), Not(HasSubstr("repeat")),
                                EndsWith("penfield scan … --near-miss CONCEPT"))));
  run.controls.near_miss = "capitals that begin a sentence";
  EXPECT_THAT(find_warnings(run), IsEmpty());
}

TEST(Warnings, SignsOfGatedUnits) {
  store::RunRecord run;
  run.sites = {Site::kMlpPre};
  EXPECT_EQ(gated_sign_warning(run), "");
  run.sites = {Site::kAttnQ, Site::kMlpPost};
  EXPECT_THAT(gated_sign_warning(run), testing::HasSubstr("mlp.post is arbitrary"));
}

}  // namespace
}  // namespace penfield::report
