#include "penfield/study/rows/draw_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace penfield::study {
namespace {

using sample::Sample;
using testing::ElementsAre;

sample::SamplePlan plan_of_two_windows() {
  sample::SamplePlan plan;
  plan.windows = {{.n_tokens = 10}, {.split = sample::Split::kHeldOut, .first_token = 10, .n_tokens = 10}};
  plan.samples = {{0, 2, true}, {0, 4, false}, {0, 7, true}, {0, 9, false}, {1, 1, false}, {1, 3, true}};
  plan.n_discovery_samples = 4;
  return plan;
}

tokens::TokenStream stream_of_twenty_tokens() {
  tokens::TokenStream stream;
  for (std::uint32_t t = 0; t < 20; ++t) stream.ids.push_back(static_cast<TokenId>(100 + t));
  return stream;
}

TEST(DrawRows, OfOneDrawAreThePlanItself) {
  const DrawRows rows = unite_draws(stream_of_twenty_tokens(), plan_of_two_windows());
  EXPECT_EQ(rows.captured.samples.size(), 6u);
  EXPECT_EQ(rows.captured.n_discovery_samples, 4u);
  const SplitRows whole = rows_of_plan(plan_of_two_windows());
  EXPECT_EQ(rows.first.discovery.rows, whole.discovery.rows);
  EXPECT_EQ(rows.first.discovery.labels, whole.discovery.labels);
  EXPECT_EQ(rows.first.held_out.rows, whole.held_out.rows);
  EXPECT_EQ(rows.first.held_out.labels, whole.held_out.labels);
  EXPECT_TRUE(rows.further.empty());
}

TEST(DrawRows, OfSeveralDrawsShareTheTargetsAndWhatTheyHaveInCommon) {
  sample::SamplePlan plan = plan_of_two_windows();
  plan.further_draws = {{{0, 1, false}, {0, 4, false}}, {{0, 4, false}, {0, 5, false}}};
  const DrawRows rows = unite_draws(stream_of_twenty_tokens(), plan);
  std::vector<std::uint32_t> positions;
  for (const Sample& sample : rows.captured.samples) positions.push_back(sample.position);
  EXPECT_THAT(positions, ElementsAre(1, 2, 4, 5, 7, 9, 1, 3));
  EXPECT_EQ(rows.captured.n_discovery_samples, 6u);
  EXPECT_THAT(rows.first.discovery.rows, ElementsAre(1, 2, 4, 5));
  EXPECT_THAT(rows.first.discovery.labels, ElementsAre(1, 0, 1, 0));
  EXPECT_THAT(rows.first.held_out.rows, ElementsAre(6, 7));
  EXPECT_THAT(rows.first.held_out.labels, ElementsAre(0, 1));
  ASSERT_EQ(rows.further.size(), 2u);
  EXPECT_THAT(rows.further[0].rows, ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(rows.further[0].labels, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(rows.further[1].rows, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(rows.further[1].labels, ElementsAre(1, 0, 0, 1));
}

TEST(DrawRows, KnowTheWordsOfTheirTokensAndTheStrataOfTheseWords) {
  std::vector<std::uint32_t> strata(120, 0);
  strata[107] = 3;
  const DrawRows rows = unite_draws(stream_of_twenty_tokens(), plan_of_two_windows(), {}, {}, strata);
  EXPECT_THAT(rows.first.discovery.words, ElementsAre(102, 104, 107, 109));
  EXPECT_THAT(rows.first.discovery.word_strata, ElementsAre(0, 0, 3, 0));
  EXPECT_THAT(rows.first.held_out.words, ElementsAre(111, 113));
}

TEST(DrawRows, OfALadderAndOfControlListsAreRowsOfOneCapture) {
  sample::LadderSamples ladder;
  ladder.all = {{1, 2, false}, {1, 3, true}};
  ladder.near_miss = {{1, 3, true}, {1, 8, false}};
  ladder.carrier = {{1, 2, false}, {1, 8, true}};
  sample::SamplePlan list = plan_of_two_windows();
  list.samples = {{0, 0, true}, {0, 4, false}, {1, 2, true}, {1, 9, false}};
  list.n_discovery_samples = 2;
  const DrawRows rows =
      unite_draws(stream_of_twenty_tokens(), plan_of_two_windows(), ladder, std::vector{list});
  // Positions 0 2 4 7 9 | 1 2 3 8 9.
  EXPECT_EQ(rows.captured.samples.size(), 10u);
  EXPECT_EQ(rows.captured.n_discovery_samples, 5u);
  ASSERT_TRUE(rows.first.ladder);
  EXPECT_THAT(rows.first.ladder->all.rows, ElementsAre(6, 7));
  EXPECT_THAT(rows.first.ladder->near_miss.rows, ElementsAre(7, 8));
  EXPECT_THAT(rows.first.ladder->carrier.labels, ElementsAre(0, 1));
  ASSERT_EQ(rows.lists.size(), 1u);
  EXPECT_THAT(rows.lists[0].discovery.rows, ElementsAre(0, 2));
  EXPECT_THAT(rows.lists[0].held_out.rows, ElementsAre(6, 9));
  EXPECT_THAT(rows.lists[0].test->unseen.rows, ElementsAre(6, 9));
}

}  // namespace
}  // namespace penfield::study
