#include "signals.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

namespace penfield::app {
namespace {
std::atomic<int> received_signal = 0;
}

std::stop_token watch_signals() {
  static std::stop_source source;
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond the user's limit is then a write that fails, and is said
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set,
                  nullptr);  // inherited by every later thread: only the watcher receives them
  std::thread([set] {
    for (;;) {
      int signal = 0;
      if (sigwait(&set, &signal) != 0) return;
      if (received_signal.exchange(signal) != 0) _exit(signal_exit_code());
      source.request_stop();
    }
  }).detach();
  return source.get_token();
}

int signal_exit_code() {
  return received_signal == SIGTERM ? 128 + SIGTERM : 128 + SIGINT;
}

}  // namespace penfield::app
