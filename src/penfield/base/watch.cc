#include "penfield/base/watch.h"

namespace penfield {

Result<void> Watch::step(std::string_view stage, std::uint64_t done, std::uint64_t total,
                         std::string_view unit) const {
  if (report_) PENFIELD_TRY_VOID(report_(stage, done, total, unit));
  return check();
}

Result<void> Watch::check() const {
  if (stop_.stop_requested()) return fail(ErrorKind::kInterrupted, "stopped; nothing was written");
  return {};
}

}  // namespace penfield
