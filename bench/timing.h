// Clocks of the benchmarks: the least of several runs, on the wall and in processor time, as a shared machine
// stretches the first.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <vector>

#include "penfield/base/parallel.h"
#include "penfield/numeric/exp.h"

namespace penfield::bench {

inline double seconds_on(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Times {
  double wall = 1e300, processor = 1e300;
};

inline Times least_of(int repeats, const std::function<void()>& work) {
  Times least;
  for (int i = 0; i < repeats; ++i) {
    const auto wall = std::chrono::steady_clock::now();
    const double processor = seconds_on(CLOCK_PROCESS_CPUTIME_ID);
    work();
    least.processor = std::min(least.processor, seconds_on(CLOCK_PROCESS_CPUTIME_ID) - processor);
    least.wall =
        std::min(least.wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count());
  }
  return least;
}

// Seconds for one exp of the engine's own on a thread, while every thread is at it, on arrays in the
// first-level cache. Each thread reads its own processor clock: what it waits for the others, or for its
// turn, does not count.
inline double seconds_of_exp() {
  constexpr std::size_t kLength = 1024;
  constexpr std::size_t kRounds = 5000;
  std::vector<double> x(kLength);
  for (std::size_t i = 0; i < kLength; ++i) x[i] = static_cast<double>(i) / 100.0 - 5.0;
  const auto n = static_cast<std::size_t>(n_threads());
  std::vector<double> least(n, 1e300);
  for (int repeat = 0; repeat < 10; ++repeat) {
    parallel_for(n, [&](std::size_t t, int) {
      std::vector<double> out(kLength);
      const double start = seconds_on(CLOCK_THREAD_CPUTIME_ID);
      for (std::size_t round = 0; round < kRounds; ++round) numeric::exp_bounded(x, out);
      least[t] = std::min(least[t], seconds_on(CLOCK_THREAD_CPUTIME_ID) - start);
    });
  }
  return *std::max_element(least.begin(), least.end()) / static_cast<double>(kLength * kRounds);
}

}  // namespace penfield::bench
