#include "penfield/study/rows/held_out_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace penfield::study {
namespace {

using testing::ElementsAre;

// Discovery samples the words 5, 1, 7, 2; held out are 5, 6 (targets), 7, 2, 9 (comparison).
const RowSet kDiscovery{.rows = {0, 1, 2, 3}, .labels = {1, 0, 1, 0}, .words = {5, 1, 7, 2}};
const RowSet kHeldOut{.rows = {4, 5, 6, 7, 8},
                      .labels = {1, 1, 0, 0, 0},
                      .words = {5, 6, 7, 2, 9},
                      .word_strata = {1, 2, 1, 1, 2}};

TEST(HeldOutTest, LeavesOutTheWordsThatDiscoverySampledInEitherGroup) {
  const auto test = held_out_test(kDiscovery, kHeldOut, 0.25);
  ASSERT_TRUE(test);
  EXPECT_THAT(test->unseen.rows, ElementsAre(5, 8));
  EXPECT_THAT(test->unseen.labels, ElementsAre(1, 0));
  EXPECT_THAT(test->unseen.words, ElementsAre(6, 9));
  EXPECT_THAT(test->unseen.word_strata, ElementsAre(2, 2));
  EXPECT_EQ(test->prevalence, 0.25);
}

TEST(HeldOutTest, ATableOfDiscoverysWordsSaysNothingOfUnseenOnes) {
  const auto test = held_out_test(kDiscovery, kHeldOut, NAN);
  ASSERT_TRUE(test);
  for (const std::uint32_t word : test->unseen.words) {
    for (const std::uint32_t seen : kDiscovery.words) EXPECT_NE(word, seen);
  }
}

TEST(HeldOutTest, WithoutHeldOutTextThereIsNone) {
  EXPECT_FALSE(held_out_test(kDiscovery, RowSet{}, 0.25));
}

}  // namespace
}  // namespace penfield::study
