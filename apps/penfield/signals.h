// What SIGINT (Ctrl-C), SIGTERM and SIGHUP do. A signal that the program was started to ignore stays ignored.
//
// At first a signal ends the program at once, after the unfinished parts of its files are removed: nothing
// is in its place before it is whole. While a StopAtSafeEdge lives, the first signal asks the work to stop
// where the same command can go on later, and a second one ends the program at once.
#pragma once

#include <stop_token>

namespace penfield::app {

// Starts the thread that waits for signals; call before any other thread exists. Where no thread can be
// started, signals do what they do to any program.
[[nodiscard]] std::stop_token watch_signals();

// 0 where none was.
[[nodiscard]] int received_signal();

// 128 + the signal received; 130 where none was.
[[nodiscard]] int signal_exit_code();

// From now on the exit code is that of this signal, which another process of the job received: all end alike.
void end_as_by(int signal);

class StopAtSafeEdge {
 public:
  enum class Announce { kYes, kNo };
  // announce: does a signal say on standard error what it asks for?
  explicit StopAtSafeEdge(Announce announce);
  StopAtSafeEdge(const StopAtSafeEdge&) = delete;
  StopAtSafeEdge& operator=(const StopAtSafeEdge&) = delete;
  ~StopAtSafeEdge();
};

}  // namespace penfield::app
