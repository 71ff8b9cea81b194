#include "penfield/server/job_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace penfield::server {
namespace {

TEST(JobQueue, JobsRunInTheirOrderAndThoseOfWhoHasGoneDoNot) {
  JobQueue queue(10);
  std::vector<int> done;
  std::stop_source gone;
  for (int i = 0; i < 6; ++i) {
    const std::stop_token token = i % 2 == 0 ? std::stop_token() : gone.get_token();
    EXPECT_TRUE(queue.push({token, [&done, i] { done.push_back(i); }}));
  }
  EXPECT_TRUE(queue.push({{}, [&queue] { queue.close(); }}));
  EXPECT_TRUE(queue.push({{}, [&done] { done.push_back(99); }}));
  gone.request_stop();
  queue.run({});
  EXPECT_THAT(done, ::testing::ElementsAre(0, 2, 4)) << "after closing nothing begins";
  EXPECT_FALSE(queue.push({{}, [] {}}));
}

TEST(JobQueue, AFullQueueTakesOneWhereOneHasGone) {
  JobQueue queue(2);
  std::stop_source gone;
  EXPECT_TRUE(queue.push({{}, [] {}}));
  EXPECT_TRUE(queue.push({gone.get_token(), [] {}}));
  EXPECT_FALSE(queue.push({{}, [] {}}));
  gone.request_stop();
  EXPECT_TRUE(queue.push({{}, [] {}}));
  EXPECT_FALSE(queue.push({{}, [] {}}));
}

TEST(JobQueue, IdleWorkGoesOnUntilThereIsNoneAndAgainAfterAJob) {
  JobQueue queue(2);
  int n_idle = 0;
  std::thread other;
  queue.run([&](const std::stop_token& stop) {
    EXPECT_FALSE(stop.stop_requested());
    ++n_idle;
    if (n_idle == 3) {
      other = std::thread([&] { EXPECT_TRUE(queue.push({{}, [] {}})); });
      other.join();
      EXPECT_TRUE(stop.stop_requested()) << "somebody asks for something";
      return false;
    }
    if (n_idle == 5) queue.close();
    return true;
  });
  EXPECT_EQ(n_idle, 5);
}

}  // namespace
}  // namespace penfield::server
