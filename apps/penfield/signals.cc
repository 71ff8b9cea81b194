#include "signals.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <thread>

#include "penfield/formats/temporary_path.h"

namespace penfield::app {
namespace {

enum class OnSignal { kEnd, kStop, kStopAndSay };

std::atomic<int> received = 0, of_another_process = 0;
std::atomic<OnSignal> on_signal = OnSignal::kEnd;

void handle(int signal, std::stop_source& source) {
  const bool is_second = received.exchange(signal) != 0;
  const OnSignal asked = on_signal;
  if (asked == OnSignal::kEnd) {
    formats::remove_temporary_paths();
    std::fputs("penfield: error: stopped by a signal\n", stderr);
  }
  if (asked == OnSignal::kEnd || is_second) _exit(signal_exit_code());
  if (asked == OnSignal::kStopAndSay) {
    if (::isatty(STDERR_FILENO) != 0) std::fputc('\n', stderr);  // behind the ^C that the terminal shows
    std::fputs("penfield: stopping at the next safe point; Ctrl-C again stops at once\n", stderr);
  }
  source.request_stop();
}

// Of SIGINT, SIGTERM and SIGHUP those that this program was not started to ignore, as nohup does.
sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

std::stop_token watch_signals() {
  static std::stop_source source;
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond the user's limit is then a write that fails, and is said
  const sigset_t set = watched_signals();
  // Inherited by every later thread: only the watcher receives them.
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  try {
    std::thread([set] {
      for (int signal = 0; sigwait(&set, &signal) == 0;) handle(signal, source);
    }).detach();
  } catch (const std::system_error&) {
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  }
  return source.get_token();
}

int received_signal() {
  return received;
}

int signal_exit_code() {
  const int signal = of_another_process != 0 ? of_another_process : received;
  return 128 + (signal == 0 ? SIGINT : signal);
}

void end_as_by(int signal) {
  of_another_process = signal;
}

StopAtSafeEdge::StopAtSafeEdge(Announce announce) {
  on_signal = announce == Announce::kYes ? OnSignal::kStopAndSay : OnSignal::kStop;
}

StopAtSafeEdge::~StopAtSafeEdge() {
  on_signal = OnSignal::kEnd;
}

}  // namespace penfield::app
