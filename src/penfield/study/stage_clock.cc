#include "penfield/study/stage_clock.h"

#include <sys/resource.h>

#include <utility>

namespace penfield::study {

void StageClock::begin(std::string name) {
  end();
  name_ = std::move(name);
  start_ = Clock::now();
}

void StageClock::end() {
  if (name_.empty()) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  stages_.push_back({std::exchange(name_, {}), seconds, peak_rss_bytes()});
}

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace penfield::study
