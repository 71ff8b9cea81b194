#include "help_text.h"

#include <fmt/format.h>

#include "penfield/report/terminal/screen.h"

namespace penfield::app {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kTextColumn = 26;

std::string wrapped(std::string_view text, std::string_view first = "") {
  return report::Screen({.width = kColumns, .color = false, .utf8 = true}).wrap(text, first);
}

// The name on the left and its text beside it, or below it where the name is long.
std::string help_row(const std::string& name, const std::string& text) {
  const std::string left = "  " + name;
  if (left.size() + 2 > kTextColumn) return left + "\n" + wrapped(text, std::string(kTextColumn, ' '));
  return wrapped(text, report::pad_right(left, kTextColumn));
}

std::string option_row(const OptionEntry& option) {
  // Long lists of words read better in the text than beside the flag.
  constexpr std::size_t kLongestValue = 40;
  if (option.value.size() <= kLongestValue) return help_row(option_heading(option), option.text);
  OptionEntry plain = option;
  plain.value = "WORD";
  std::string choices = option.value;
  for (std::size_t at = choices.find('|'); at != std::string::npos; at = choices.find('|', at))
    choices.replace(at, 1, ", ");
  return help_row(option_heading(plain), fmt::format("{}; one of {}", option.text, choices));
}

std::string group_rows(const std::vector<OptionGroup>& groups) {
  std::string out;
  for (const OptionGroup& group : groups) {
    out += "\n" + group.title + ":\n";
    for (const OptionEntry& option : group.options) out += option_row(option);
  }
  return out;
}

std::string command_names(const CLI::App& root) {
  std::string names;
  for (const CommandEntry& command : describe_commands(root)) names += " " + command.name;
  return names.substr(1);
}

}  // namespace

std::string short_help(const CLI::App& root) {
  return wrapped(root.get_description()) + R"(

  penfield demo                                       a whole scan of the bundled model and text
  penfield scan -m gpt2-medium -t text.txt -o result  every neuron of every layer, on your text

)" + wrapped(command_names(root), "Commands: ") +
         "More: penfield --help, penfield help COMMAND\n";
}

std::string program_help(const CLI::App& root) {
  std::string out = "Usage: penfield COMMAND [flags]\n\n" + wrapped(root.get_description()) + "\nCommands:\n";
  for (const CommandEntry& command : describe_commands(root)) out += help_row(command.name, command.summary);
  out += group_rows(describe_command(root).groups);
  return out;
}

std::string command_help(const CLI::App& root, const CLI::App& command) {
  const CommandEntry entry = describe_command(command);
  std::string out = wrapped(usage_line(entry), "Usage: ") + "\n" + wrapped(entry.summary);
  if (!entry.arguments.empty()) {
    out += "\nArguments:\n";
    for (const OptionEntry& argument : entry.arguments) out += option_row(argument);
  }
  out += group_rows(entry.groups);
  if (!entry.example.empty()) out += "\nExample:\n  " + entry.example + "\n";
  std::string shared;
  for (const OptionGroup& group : describe_command(root).groups) {
    for (const OptionEntry& option : group.options) shared += " --" + option.long_names.front();
  }
  return out + "\n" + wrapped("Every command takes" + shared + "; see penfield --help.");
}

}  // namespace penfield::app
