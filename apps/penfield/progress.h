// Progress on standard error: a bar with rate and time left on a terminal, sparse plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "command.h"
#include "penfield/base/watch.h"

namespace penfield::app {

class ProgressPrinter {
 public:
  explicit ProgressPrinter(const Globals& globals);
  ~ProgressPrinter();
  ProgressPrinter(const ProgressPrinter&) = delete;
  ProgressPrinter& operator=(const ProgressPrinter&) = delete;

  // stage "forward", done of total units of work ("windows"). total 0: not known. A host's error ends the
  // work.
  Result<void> update(std::string_view stage, std::uint64_t done, std::uint64_t total, std::string_view unit);
  void clear();
  // Shows each step of work on this printer, which must outlive the work.
  [[nodiscard]] Watch watch(std::stop_token stop) {
    return Watch([this](std::string_view stage, std::uint64_t done, std::uint64_t total,
                        std::string_view unit) { return update(stage, done, total, unit); },
                 std::move(stop));
  }

 private:
  using Clock = std::chrono::steady_clock;
  void show(std::string_view stage, std::uint64_t done, std::uint64_t total, std::string_view unit);
  void draw_bar(std::uint64_t done, std::uint64_t total, std::string_view unit, double seconds);
  void print_line(std::uint64_t done, std::uint64_t total, std::string_view unit, double seconds);

  ProgressMode mode_;
  const Host* host_;
  std::string stage_;
  Clock::time_point stage_start_;
  std::uint64_t done_at_start_ = 0;  // when the clock began, or by an earlier run: no part of the rate
  Clock::time_point last_shown_;
  bool bar_on_screen_ = false;
};

}  // namespace penfield::app
