#include "progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "host.h"
#include "penfield/base/amounts.h"
#include "terminal.h"

namespace penfield::app {
namespace {

constexpr double kBarInterval_s = 0.1;
constexpr double kLineInterval_s = 10;
constexpr int kBarCells = 24;

bool counts_bytes(std::string_view unit) {
  return unit == "bytes";
}

// "3/17 windows", or "1.2 GiB/1.5 GiB" where bytes are counted.
std::string amount_done(std::uint64_t done, std::uint64_t total, std::string_view unit) {
  if (!counts_bytes(unit)) return fmt::format("{}/{}", done, total);
  return fmt::format("{}/{}", format_bytes(done), format_bytes(total));
}

// n_here of the n_done were done in `seconds`, the others before.
std::string rate_and_rest(std::uint64_t n_here, std::uint64_t n_done, std::uint64_t total,
                          std::string_view unit, double seconds) {
  if (n_here == 0 || seconds <= 0 || total == 0) return "";
  const double rate = static_cast<double>(n_here) / seconds;
  const double left = static_cast<double>(total - std::min(n_done, total)) / rate;
  const std::string per_second = counts_bytes(unit)
                                     ? format_bytes(static_cast<std::uint64_t>(rate))
                                     : fmt::format("{:.{}f} {}", rate, rate < 10 ? 1 : 0, unit);
  return fmt::format("{}/s, {} left", per_second, format_seconds(left));
}

}  // namespace

ProgressPrinter::ProgressPrinter(const Globals& globals) : mode_(globals.progress), host_(globals.host) {
  if (globals.quiet) mode_ = ProgressMode::kNone;
  if (mode_ == ProgressMode::kAuto) mode_ = stderr_is_terminal() ? ProgressMode::kBar : ProgressMode::kPlain;
}

ProgressPrinter::~ProgressPrinter() {
  clear();
}

void ProgressPrinter::clear() {
  if (bar_on_screen_) std::fputs("\r\x1b[K", stderr);
  bar_on_screen_ = false;
}

Result<void> ProgressPrinter::update(std::string_view stage, std::uint64_t done, std::uint64_t total,
                                     std::string_view unit) {
  if (host_ != nullptr) return host_->progress ? host_->progress(stage, done, total, unit) : Result<void>();
  show(stage, done, total, unit);
  return {};
}

void ProgressPrinter::show(std::string_view stage, std::uint64_t done, std::uint64_t total,
                           std::string_view unit) {
  if (mode_ == ProgressMode::kNone) return;
  const Clock::time_point now = Clock::now();
  if (stage != stage_) {
    stage_ = stage;
    stage_start_ = last_shown_ = now;
    done_at_start_ = done;
    if (mode_ == ProgressMode::kBar) last_shown_ -= std::chrono::seconds(1);
  }
  if (done < done_at_start_) {  // begun anew
    done_at_start_ = done;
    stage_start_ = now;
  }
  const double since_shown = std::chrono::duration<double>(now - last_shown_).count();
  const double seconds = std::chrono::duration<double>(now - stage_start_).count();
  if (mode_ == ProgressMode::kBar) {
    if (since_shown < kBarInterval_s && done != total) return;
    draw_bar(done, total, unit, seconds);
  } else {
    if (since_shown < kLineInterval_s) return;
    print_line(done, total, unit, seconds);
  }
  last_shown_ = now;
}

void ProgressPrinter::draw_bar(std::uint64_t done, std::uint64_t total, std::string_view unit,
                               double seconds) {
  const int filled = total == 0 ? 0 : static_cast<int>(done * kBarCells / total);
  const std::string bar = std::string(static_cast<std::size_t>(filled), '#') +
                          std::string(static_cast<std::size_t>(kBarCells - filled), '.');
  std::fputs(fmt::format("\r\x1b[K{:<9} [{}] {}  {}", stage_, bar, amount_done(done, total, unit),
                         rate_and_rest(done - done_at_start_, done, total, unit, seconds))
                 .c_str(),
             stderr);
  std::fflush(stderr);
  bar_on_screen_ = true;
}

void ProgressPrinter::print_line(std::uint64_t done, std::uint64_t total, std::string_view unit,
                                 double seconds) {
  const std::string rest = rate_and_rest(done - done_at_start_, done, total, unit, seconds);
  std::fputs(fmt::format("penfield: {} {}{}{}{}\n", stage_, amount_done(done, total, unit),
                         counts_bytes(unit) ? "" : " " + std::string(unit), rest.empty() ? "" : ", ", rest)
                 .c_str(),
             stderr);
}

}  // namespace penfield::app
