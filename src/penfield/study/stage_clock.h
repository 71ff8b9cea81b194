// Time and peak memory of each stage of a run, as run.json records them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "penfield/store/run_record.h"

namespace penfield::study {

class StageClock {
 public:
  // Ends the stage under way, if any, and begins another.
  void begin(std::string name);
  void end();
  [[nodiscard]] const std::vector<store::StageRecord>& stages() const { return stages_; }

 private:
  using Clock = std::chrono::steady_clock;
  std::string name_;
  Clock::time_point start_;
  std::vector<store::StageRecord> stages_;
};

// The most memory that this process has held so far (resident, mapped files included), in bytes.
[[nodiscard]] std::uint64_t peak_rss_bytes();

}  // namespace penfield::study
