// Time and peak memory of each stage of a run, as run.json records them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "penfield/store/run_record.h"

namespace penfield::study {

struct StageWork {
  double flop = 0;
  std::uint64_t bytes_read = 0, bytes_written = 0;  // from files and to them
};

class StageClock {
 public:
  // Ends the current stage, if any, and begins another.
  void start_stage(std::string name);
  void end();
  // Adds to the bytes and operations of the current stage.
  void note(const StageWork& work);
  [[nodiscard]] const std::vector<store::StageRecord>& stages() const { return stages_; }

 private:
  using Clock = std::chrono::steady_clock;
  std::string name_;
  Clock::time_point start_;
  StageWork work_;
  std::vector<store::StageRecord> stages_;
};

// The most memory that this process has held so far (resident, mapped files included), in bytes.
[[nodiscard]] std::uint64_t peak_rss_bytes();

// What it holds now; 0 if the system does not say.
[[nodiscard]] std::uint64_t rss_bytes();

}  // namespace penfield::study
