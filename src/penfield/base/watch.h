// How long work reports what it has done, and where it notices that it should stop.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "penfield/base/result.h"

namespace penfield {

class Watch {
 public:
  // `done` of `total` units of work ("windows") of a stage ("forward"); total 0: not known. Called by the
  // thread that runs the work. An error ends the work, which returns it.
  using Report = std::function<Result<void>(std::string_view stage, std::uint64_t done, std::uint64_t total,
                                            std::string_view unit)>;

  Watch() = default;  // reports to nobody, never stops
  explicit Watch(Report report, std::stop_token stop = {})
      : report_(std::move(report)), stop_(std::move(stop)) {}

  // Reports. kInterrupted: the work should stop. Otherwise the report's own error.
  [[nodiscard]] Result<void> step(std::string_view stage, std::uint64_t done, std::uint64_t total,
                                  std::string_view unit) const;
  // kInterrupted: the work should stop.
  [[nodiscard]] Result<void> check() const;
  [[nodiscard]] const std::stop_token& stop() const { return stop_; }
  // Stops as this one does and reports nothing: for a part of the work whose whole is reported.
  [[nodiscard]] Watch silent() const { return Watch({}, stop_); }

 private:
  Report report_;
  std::stop_token stop_;
};

}  // namespace penfield
