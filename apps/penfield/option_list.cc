#include "option_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace penfield::app {
namespace {

// CLI11 writes "TEXT:f32|bf16": the type, then what the check allows.
std::string value_name(const CLI::Option& option) {
  if (option.get_expected_min() == 0) return "";  // a flag
  const std::string type = option.get_type_name();
  const std::size_t colon = type.rfind(':');
  std::string name = colon == std::string::npos ? type : type.substr(colon + 1);
  if (name == "UINT" || name == "INT" || name == "FLOAT") return "N";
  return name;
}

OptionEntry describe_option(const CLI::Option& option) {
  OptionEntry entry;
  entry.short_names = option.get_snames();
  entry.long_names = option.get_lnames();
  entry.value = option.nonpositional() ? value_name(option) : option.get_single_name();
  entry.text = option.get_description();
  entry.required = option.get_required();
  entry.several = option.get_items_expected_max() > 1;
  return entry;
}

}  // namespace

std::string option_heading(const OptionEntry& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.short_names) names.push_back("-" + name);
  for (const std::string& name : option.long_names) names.push_back("--" + name);
  std::string out = fmt::format("{}", fmt::join(names, ", "));
  if (!option.value.empty()) out += (out.empty() ? "" : " ") + option.value;
  return option.several ? out + "..." : out;
}

std::string usage_line(const CommandEntry& command) {
  std::string out = "penfield " + command.name;
  bool has_more = false;
  for (const OptionGroup& group : command.groups) {
    for (const OptionEntry& option : group.options) {
      has_more = has_more || !option.required;
      if (!option.required) continue;
      OptionEntry shortest = option;
      if (!option.short_names.empty()) shortest.long_names.clear();
      out += " " + option_heading(shortest);
    }
  }
  for (const OptionEntry& argument : command.arguments)
    out +=
        argument.required ? " " + option_heading(argument) : fmt::format(" [{}]", option_heading(argument));
  return has_more ? out + " [flags]" : out;
}

CommandEntry describe_command(const CLI::App& command) {
  CommandEntry entry{command.get_name(), command.get_description(), command.get_footer(), {}, {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option == command.get_help_ptr() || option->get_group().empty()) continue;
    if (!option->nonpositional()) {
      entry.arguments.push_back(describe_option(*option));
      continue;
    }
    const std::string& title = option->get_group();
    auto group = std::find_if(entry.groups.begin(), entry.groups.end(),
                              [&](const OptionGroup& known) { return known.title == title; });
    if (group == entry.groups.end()) group = entry.groups.insert(group, {title, {}});
    group->options.push_back(describe_option(*option));
  }
  return entry;
}

std::vector<CommandEntry> describe_commands(const CLI::App& root) {
  std::vector<CommandEntry> commands;
  for (const CLI::App* command : root.get_subcommands({})) {
    if (!command->get_group().empty()) commands.push_back(describe_command(*command));
  }
  return commands;
}

void start_group(CLI::App& command, const char* title) {
  command.option_defaults()->group(title);
}

}  // namespace penfield::app
