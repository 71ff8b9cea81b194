#include "penfield/study/stage_clock.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <utility>

namespace penfield::study {

void StageClock::start_stage(std::string name) {
  end();
  name_ = std::move(name);
  start_ = Clock::now();
}

void StageClock::end() {
  if (name_.empty()) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  stages_.push_back({.name = std::exchange(name_, {}),
                     .seconds = seconds,
                     .flop = work_.flop,
                     .bytes_read = work_.bytes_read,
                     .bytes_written = work_.bytes_written,
                     .peak_rss_bytes = peak_rss_bytes(),
                     .rss_bytes = rss_bytes()});
  work_ = {};
}

void StageClock::note(const StageWork& work) {
  work_.flop += work.flop;
  work_.bytes_read += work.bytes_read;
  work_.bytes_written += work.bytes_written;
}

std::uint64_t peak_rss_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

std::uint64_t rss_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t n_pages_mapped = 0, n_pages_resident = 0;
  if (!(statm >> n_pages_mapped >> n_pages_resident)) return 0;
  return n_pages_resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace penfield::study
