// What a command line that cannot be parsed is told: one line in this program's words, not in those of its
// parser.
#pragma once

#include "command.h"

namespace penfield::app {

// kUsage with the line. `root` is as the failed parse left it.
[[nodiscard]] Error explain_parse_error(const CLI::App& root, const CLI::ParseError& error);

// `name` is none of the commands; the nearest one is suggested.
[[nodiscard]] Error unknown_command(const CLI::App& root, const std::string& name);

}  // namespace penfield::app
