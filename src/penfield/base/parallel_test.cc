#include "penfield/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <vector>

namespace penfield {
namespace {

TEST(Parallel, EveryIndexOnceAtAnyThreadCount) {
  for (const int threads : {1, 2, 8}) {
    set_threads(threads);
    std::vector<std::atomic<int>> seen(1000);
    std::atomic<bool> thread_in_range = true;
    parallel_for(seen.size(), [&](std::size_t i, int thread) {
      ++seen[i];
      if (thread < 0 || thread >= n_threads()) thread_in_range = false;
      parallel_for(3, [&](std::size_t, int inner) {
        if (inner != 0) thread_in_range = false;
      });
    });
    for (const auto& count : seen) EXPECT_EQ(count, 1);
    EXPECT_TRUE(thread_in_range);
  }
  set_threads(0);
}

TEST(Parallel, AnExceptionIsThrownAfterTheLoop) {
  for (const int threads : {1, 2, 8}) {
    set_threads(threads);
    EXPECT_THROW(parallel_for(100,
                              [](std::size_t i, int) {
                                if (i % 10 == 3) throw std::bad_alloc();
                              }),
                 std::bad_alloc);
  }
  set_threads(0);
}

// What a thread keeps from one body to the next is half made after an exception.
TEST(Parallel, NoBodyBeginsAfterAnException) {
  for (const int threads : {1, 2, 8}) {
    set_threads(threads);
    std::vector<std::atomic<int>> n_begun(8);
    EXPECT_THROW(parallel_for(1000,
                              [&](std::size_t, int thread) {
                                ++n_begun[static_cast<std::size_t>(thread)];
                                throw std::bad_alloc();
                              }),
                 std::bad_alloc);
    for (const auto& of_thread : n_begun) EXPECT_LE(of_thread, 1);
  }
  set_threads(0);
}

}  // namespace
}  // namespace penfield
