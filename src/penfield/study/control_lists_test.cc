#include "penfield/study/control_lists.h"

#include <gtest/gtest.h>

#include "penfield/findings/max_t.h"
#include "penfield/study/prepare.h"
#include "penfield/study/rows/row_regression.h"

namespace penfield::study {
namespace {

StudyRequest request_with_lists() {
  StudyRequest request;
  request.model = request.model_folder = "models/demo";
  request.texts = {"data/demo/articles.txt"};
  request.profile = Profile::kDescriptive;
  request.n_discovery = request.n_held_out = 8;
  request.controls.nulls = parse_nulls("lists").value();
  request.controls.n_null_runs = 3;
  return request;
}

TEST(ControlLists, ArePermutedOftenEnoughToFindSomethingAtAlpha) {
  constexpr std::uint64_t kMany = 1'000'000;
  for (const double alpha : {0.2, 0.1, 0.07, 0.05, 0.03, 0.01, 0.005, 0.001}) {
    const std::uint64_t n = list_permutations(kMany, alpha);
    const auto most = findings::most_reaching(n, alpha);
    ASSERT_TRUE(most.has_value()) << alpha;
    EXPECT_GE(static_cast<double>(*most + 1) / static_cast<double>(n + 1), 0.9 * alpha * (1 - 1e-12))
        << alpha;
  }
  EXPECT_EQ(list_permutations(1000, 0.05), 199u);
  EXPECT_EQ(list_permutations(100, 0.05), 100u) << "no more than the scan's";
  EXPECT_EQ(list_permutations(1000, 0.001), 1000u);
  EXPECT_EQ(list_permutations(1000, 1e-300), 1000u);
}

TEST(ControlLists, AreFittedAsTheConceptIs) {
  StudyRequest request = request_with_lists();
  request.regression = {.firth = association::Firth::kAlways,
                        .adjust = {sample::Trait::kLength, sample::Trait::kPosition},
                        .cluster = Cluster::kDocument};
  StageClock clock;
  const auto prepared = prepare(request, clock);
  ASSERT_TRUE(prepared) << prepared.error().message;
  ASSERT_EQ(prepared->draws.lists.size(), 3u);
  for (const SplitRows& list : prepared->draws.lists) {
    for (const RowSet* rows : {&list.discovery, &list.held_out}) {
      ASSERT_NE(rows->regression, nullptr);
      EXPECT_TRUE(rows->regression->is_possible() && rows->regression->is_adjusted());
      EXPECT_EQ(rows->regression->options().firth, association::Firth::kAlways);
      EXPECT_GT(rows->regression->clusters().n, 1u);
    }
    ASSERT_NE(list.test->unseen.regression, nullptr);
    EXPECT_TRUE(list.test->unseen.regression->is_adjusted());
  }
}

// Few words within strata of alike words have few arrangements: some lists of this concept have none that
// could be significant.
TEST(ControlLists, EveryListCouldFindSomething) {
  StudyRequest request = request_with_lists();
  request.profile = Profile::kRobust;
  request.seed = 20250214;
  request.concept_spec = "words:she,her,he,his,him";
  request.n_discovery = request.n_held_out = 40;
  request.controls.n_null_runs = 20;
  StageClock clock;
  const auto prepared = prepare(request, clock);
  ASSERT_TRUE(prepared) << prepared.error().message;
  ASSERT_EQ(prepared->draws.lists.size(), 20u);
  for (const SplitRows& list : prepared->draws.lists) {
    const auto exchange = exchange_of(prepared->permutation.within, list.discovery);
    ASSERT_TRUE(exchange) << exchange.error().message;
    EXPECT_TRUE(findings::check_permutations(199, permutation::neglog10_least_p(*exchange), 0.05));
  }
}

TEST(ControlLists, AListThatCannotBeTestedIsDrawnAgain) {
  StageClock clock;
  const auto prepared = prepare(request_with_lists(), clock);
  ASSERT_TRUE(prepared) << prepared.error().message;
  const LabelledText& labelled = prepared->labelled;
  const sample::TokenTraits traits(labelled.stream, labelled.corpus.documents);
  const auto plan = [&](const CheckOfList& check) {
    return plan_control_lists(labelled, prepared->plan.sample, traits, 3, check);
  };
  const auto all = plan([](const sample::SamplePlan&) { return Result<void>(); });
  int n_asked = 0;
  const auto later = plan([&](const sample::SamplePlan&) -> Result<void> {
    if (n_asked++ == 0) return bad_input("too few words");
    return {};
  });
  ASSERT_TRUE(all && later);
  EXPECT_EQ(n_asked, 4);
  EXPECT_EQ(later->size(), 3u);
  EXPECT_EQ(later->front().samples.size(), all->at(1).samples.size());
  const auto none =
      plan([](const sample::SamplePlan&) -> Result<void> { return bad_input("too few words"); });
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "--null lists: too few words; --null none scans without control lists");
}

}  // namespace
}  // namespace penfield::study
