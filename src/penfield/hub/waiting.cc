#include "penfield/hub/waiting.h"

#include <algorithm>
#include <thread>

#include "penfield/base/amounts.h"

namespace penfield::hub {

Result<void> sleep_for(std::chrono::milliseconds time, const KeepOn& keep_on) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kStep(100);
  const Clock::time_point end = Clock::now() + time;
  for (;;) {
    PENFIELD_TRY_VOID(keep_on());
    const auto left = end - Clock::now();
    if (left <= Clock::duration::zero()) return {};
    std::this_thread::sleep_for(std::min<Clock::duration>(left, kStep));
  }
}

Result<void> Attempts::wait_for_next(const HttpFailure& failure, bool has_progressed,
                                     const Waiting& waiting) {
  if (!failure.may_pass) return tl::unexpected(failure.error);
  if (has_progressed) {
    n_failed_ = 0;
    pause_ = patience_.first_pause;
  }
  if (++n_failed_ >= patience_.n_attempts) {
    return fail(failure.error.kind, "{} ({} attempts); run the same command again to continue",
                failure.error.message, n_failed_);
  }
  const std::chrono::milliseconds pause = failure.wait.value_or(pause_);
  const double seconds = std::chrono::duration<double>(pause).count();
  if (pause > patience_.longest_pause) {
    return fail(failure.error.kind, "{}: asks to wait {}; try again then", failure.error.message,
                format_seconds(seconds));
  }
  if (!failure.wait) pause_ *= 2;
  constexpr double kWorthANote_s = 2;
  if (waiting.note && seconds >= kWorthANote_s) {
    waiting.note(fmt::format("{}; trying again in {}", failure.error.message, format_seconds(seconds)));
  }
  return sleep_for(pause, waiting.keep_on);
}

}  // namespace penfield::hub
