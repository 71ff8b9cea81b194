#include "penfield/study/held_out_plan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "penfield/association/fit.h"

namespace penfield::study {
namespace {

// Eight tokens of discovery, then six held out; targets' types are 5 and 7 in discovery.
struct Example {
  tokens::TokenStream stream;
  sample::SamplePlan plan;

  Example() {
    for (const std::uint32_t id : {5, 1, 7, 2, 5, 3, 9, 9, 5, 6, 7, 8, 2, 9})
      stream.ids.push_back(static_cast<TokenId>(id));
    plan.windows = {{.split = sample::Split::kDiscovery, .first_token = 0, .n_tokens = 8},
                    {.split = sample::Split::kHeldOut, .first_token = 8, .n_tokens = 6}};
    plan.samples = {{0, 0, true}, {0, 1, false}, {0, 2, true},  {0, 3, false},   // 5 1 7 2
                    {1, 0, true}, {1, 1, true},  {1, 2, false}, {1, 4, false}};  // 5 6 | 7 2
    plan.n_discovery_samples = 4;
    plan.counts[1].n_target_available = 2;
    plan.counts[1].n_comparison_available = 6;
  }
};

TEST(HeldOutTest, LeavesOutTheTypesOfDiscoverysTargetsInBothGroups) {
  const Example example;
  const auto test = held_out_test(example.stream, example.plan, rows_of_plan(example.plan).held_out);
  ASSERT_TRUE(test);
  // 2 is a comparison's type in discovery, and stays.
  EXPECT_EQ(test->unseen_labels,
            (std::vector<std::uint8_t>{association::kLeftOut, 1, association::kLeftOut, 0}));
  EXPECT_EQ(test->prevalence, 0.25);
}

TEST(HeldOutTest, WithoutARandomComparisonThereIsNoPrevalence) {
  Example example;
  example.plan.counts[1].n_comparison_available = 0;
  const auto test = held_out_test(example.stream, example.plan, rows_of_plan(example.plan).held_out);
  ASSERT_TRUE(test);
  EXPECT_TRUE(std::isnan(test->prevalence));
}

TEST(HeldOutTest, WithoutHeldOutTextThereIsNone) {
  const Example example;
  EXPECT_FALSE(held_out_test(example.stream, example.plan, RowSet{}));
}

}  // namespace
}  // namespace penfield::study
