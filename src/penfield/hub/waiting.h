// Attempts and the pauses between them.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "penfield/hub/http.h"

namespace penfield::hub {

// What goes on while something is waited for.
struct Waiting {
  KeepOn keep_on;                         // see http.h
  std::function<void(std::string)> note;  // a line for the user: why it takes longer; may be empty
};

// Sleeps, and asks keep_on every tenth of a second.
[[nodiscard]] Result<void> sleep_for(std::chrono::milliseconds time, const KeepOn& keep_on);

// Decides after a failed attempt whether there is another one, and waits for it: as long as the server asks
// (Retry-After), else twice as long as the last time.
class Attempts {
 public:
  explicit Attempts(const Patience& patience) : patience_(patience), pause_(patience.first_pause) {}

  // has_progressed: the attempt brought a good part of what is wanted, so that counting begins again.
  // The failure's own error where trying again is useless, or was tried often enough; what keep_on returns.
  [[nodiscard]] Result<void> wait_for_next(const HttpFailure& failure, bool has_progressed,
                                           const Waiting& waiting);

 private:
  Patience patience_;
  std::chrono::milliseconds pause_;
  int n_failed_ = 0;
};

// attempt() -> HttpResult<T>, again and again until it succeeds or fails for good; then the last failure.
template <class Attempt>
[[nodiscard]] auto try_repeatedly(const Patience& patience, const Waiting& waiting, const Attempt& attempt)
    -> decltype(attempt()) {
  Attempts attempts(patience);
  for (;;) {
    auto result = attempt();
    if (result) return result;
    if (auto next = attempts.wait_for_next(result.error(), false, waiting); !next) {
      HttpFailure last = std::move(result).error();
      last.error = std::move(next).error();
      last.may_pass = false;
      return tl::unexpected(std::move(last));
    }
  }
}

}  // namespace penfield::hub
