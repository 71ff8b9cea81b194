// The command line as a whole: subcommands, global flags, errors, dispatch.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "command.h"
#include "penfield/base/result.h"
#include "penfield/base/team.h"

namespace penfield::app {

// Parses, runs, prints the one line of an error; returns the exit code: 0, 1 I/O, 2 usage, 3 input,
// 4 network, 5 memory, 130/143 signals.
// Of the processes of a team, all of which call this, the first one speaks, and all return the same.
int run_command_line(int argc, char** argv, const std::stop_token& stop, const Team& team = alone());

// Runs a command that an earlier process was given, with globals that `change` has set. Errors: those of the
// command line.
[[nodiscard]] Result<void> repeat_command(std::vector<std::string> arguments,
                                          const std::function<void(Globals&)>& change);

}  // namespace penfield::app
