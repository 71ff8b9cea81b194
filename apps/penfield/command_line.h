// The command line as a whole: subcommands, global flags, errors, dispatch.
#pragma once

#include <stop_token>

namespace penfield::app {

// Parses, runs, prints the one line of an error; returns the exit code: 0, 1 I/O, 2 usage, 3 input,
// 4 network, 5 memory, 130/143 signals.
int run_command_line(int argc, char** argv, const std::stop_token& stop);

}  // namespace penfield::app
