#include "penfield/study/stage_clock.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace penfield::study {
namespace {

TEST(StageClock, KeepsOrderTimeAndPeak) {
  StageClock clock;
  clock.start_stage("read");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  clock.start_stage("fit");
  const std::vector<char> held(64 << 20, 1);
  EXPECT_EQ(held.back(), 1);
  clock.end();
  clock.end();
  ASSERT_EQ(clock.stages().size(), 2u);
  EXPECT_EQ(clock.stages()[0].name, "read");
  EXPECT_GE(clock.stages()[0].seconds, 0.02);
  EXPECT_EQ(clock.stages()[1].name, "fit");
  EXPECT_GE(clock.stages()[1].peak_rss_bytes, 64u << 20);
  EXPECT_GE(clock.stages()[1].peak_rss_bytes, clock.stages()[0].peak_rss_bytes);
}

}  // namespace
}  // namespace penfield::study
