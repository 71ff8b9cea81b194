// Ctrl-C once asks the work to stop at its next safe edge; twice, or SIGTERM after it, ends the program at
// once.
#pragma once

#include <stop_token>

namespace penfield::app {

// Starts the thread that waits for SIGINT and SIGTERM; call before any other thread exists.
[[nodiscard]] std::stop_token watch_signals();

// 130 or 143: the exit code that goes with the signal received; 130 where none was.
[[nodiscard]] int signal_exit_code();

}  // namespace penfield::app
