// The commands and their options as data, read from the parser: what the help, the reference pages and the
// completions print, so that none of them can fall behind it.
#pragma once

#include <string>
#include <vector>

#include "command.h"

namespace penfield::app {

struct OptionEntry {
  std::vector<std::string> short_names, long_names;  // without dashes; both empty: a positional argument
  std::string value;                                 // "FILE", "N", "f32|bf16"; empty: a flag without a value
  std::string text;
  bool required = false;
  bool several = false;  // takes more than one value
};

struct OptionGroup {
  std::string title;
  std::vector<OptionEntry> options;
};

struct CommandEntry {
  std::string name, summary, example;
  std::vector<OptionEntry> arguments;
  std::vector<OptionGroup> groups;  // in the order in which the options were added
};

// "-m, --model MODEL"; of a positional argument its name.
[[nodiscard]] std::string option_heading(const OptionEntry& option);
// "penfield scan -m MODEL -t FILE... [flags]": what is required, then the rest.
[[nodiscard]] std::string usage_line(const CommandEntry& command);

[[nodiscard]] CommandEntry describe_command(const CLI::App& command);
// All but hidden ones, in the order in which they were added.
[[nodiscard]] std::vector<CommandEntry> describe_commands(const CLI::App& root);

// Options that are added to `command` from here on stand under this title in its help.
void start_group(CLI::App& command, const char* title);

}  // namespace penfield::app
