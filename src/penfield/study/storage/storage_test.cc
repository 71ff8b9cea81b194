#include "penfield/study/storage/storage.h"

#include <gtest/gtest.h>

namespace penfield::study {
namespace {

TEST(MemoryNeeds, ThePeakIsTheLargestOfWhatIsThereTogether) {
  MemoryNeeds needs{.process_bytes = 1000, .weights_bytes = 200};
  EXPECT_EQ(needs.peak(30, 0), 1230u);
  needs.forward_bytes = 50;
  EXPECT_EQ(needs.peak(30, 0), 1280u);
  needs.fit_bytes = 40;
  EXPECT_EQ(needs.peak(30, 0), 1280u) << "the buffers are gone when there are fits";
  needs.fit_bytes = 70;
  EXPECT_EQ(needs.peak(30, 0), 1300u);
  needs.opening_bytes = 90;
  EXPECT_EQ(needs.peak(30, 0), 1300u) << "there are no activations yet when weights are opened";
  needs.opening_bytes = 400;
  EXPECT_EQ(needs.peak(30, 0), 1600u);
}

TEST(MemoryNeeds, TheShuffledModelComesBesideTheResults) {
  MemoryNeeds needs{
      .process_bytes = 1000, .weights_bytes = 200, .forward_bytes = 50, .fit_bytes = 70, .null_bytes = 300};
  EXPECT_EQ(needs.peak(30, 20), 1000u + 200 + 30 + 70 + 300 + 20 + 50);
  needs.null_opening_bytes = 100;
  EXPECT_EQ(needs.peak(30, 20), 1000u + 200 + 30 + 70 + 300 + 100);
}

// 3 passes of 100 rows into matrices of 1,000,000 columns: 1.2 GB.
activations::CapturePlan large_plan() {
  activations::CapturePlan plan;
  plan.passes.resize(3);
  std::size_t first = 0;
  for (activations::CapturePass& pass : plan.passes) {
    pass.windows.n_rows = 100;
    pass.samples.first = first;
    pass.samples.from.resize(100);
    first += 100;
  }
  plan.matrices.push_back({.n_rows = 300, .n_cols = 1'000'000});
  return plan;
}

TEST(Storage, TheShuffledModelsActivationsGoWhereTheOthersAre) {
  const activations::CapturePlan plan = large_plan();
  const MemoryNeeds needs{.process_bytes = 1'000'000, .weights_bytes = 1'000'000, .null_bytes = 1'000'000};
  const auto roomy = choose_storage(plan, &plan, needs, 3'000'000'000, Spill::kAuto);
  ASSERT_TRUE(roomy);
  EXPECT_FALSE(roomy->on_disk);
  EXPECT_EQ(roomy->memory_bytes, 2'403'000'000u) << "both are in memory";
  const auto tight = choose_storage(plan, &plan, needs, 2'000'000'000, Spill::kAuto);
  ASSERT_TRUE(tight) << tight.error().message;
  EXPECT_TRUE(tight->on_disk);
  EXPECT_LT(tight->memory_bytes, 500'000'000u);
  EXPECT_GE(tight->disk_bytes, 2'400'000'000u) << "both are on disk";
  const auto alone = choose_storage(plan, nullptr, needs, 2'000'000'000, Spill::kAuto);
  ASSERT_TRUE(alone);
  EXPECT_FALSE(alone->on_disk);
  const auto refused = choose_storage(plan, &plan, needs, 3'000'000, Spill::kAuto);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kMemory);
}

}  // namespace
}  // namespace penfield::study
