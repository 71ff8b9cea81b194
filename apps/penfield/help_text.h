// The help of a command and of the program, in lines of at most 80 columns.
#pragma once

#include <string>

#include "option_list.h"

namespace penfield::app {

// What `penfield` without arguments prints: two examples and the names of the commands.
[[nodiscard]] std::string short_help(const CLI::App& root);
// `penfield --help`: the commands with their summaries, and the flags that each of them takes.
[[nodiscard]] std::string program_help(const CLI::App& root);
// `penfield COMMAND --help`.
[[nodiscard]] std::string command_help(const CLI::App& root, const CLI::App& command);

}  // namespace penfield::app
