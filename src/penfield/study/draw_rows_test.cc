#include "penfield/study/draw_rows.h"

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

TEST(DrawRows, OfOneDrawAreThePlanItself) {
  const DrawRows rows = unite_draws(plan_of_two_windows());
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
  const DrawRows rows = unite_draws(plan);
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

}  // namespace
}  // namespace penfield::study
