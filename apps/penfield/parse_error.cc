#include "parse_error.h"

#include <fmt/format.h>

#include "option_list.h"
#include "penfield/base/nearest.h"

namespace penfield::app {
namespace {

constexpr std::size_t kLongestQuoted = 80;

// What was typed, cut where it is so long that it would hide the rest of the line.
std::string quoted(const std::string& typed) {
  if (typed.size() <= kLongestQuoted) return "'" + typed + "'";
  std::size_t cut = kLongestQuoted;
  while (cut > 0 && (static_cast<unsigned char>(typed[cut]) & 0xC0) == 0x80)
    --cut;  // within a UTF-8 character
  return fmt::format("'{}…' ({} bytes)", typed.substr(0, cut), typed.size());
}

// The command that was typed; the program itself before one was.
const CLI::App& chosen_app(const CLI::App& root) {
  const std::vector<CLI::App*> chosen = root.get_subcommands();
  return chosen.empty() ? root : *chosen.back();
}

std::string help_of(const CLI::App& root) {
  const CLI::App& app = chosen_app(root);
  return &app == &root ? "penfield --help" : fmt::format("penfield {} --help", app.get_name());
}

std::vector<const CLI::Option*> options_in_reach(const CLI::App& root) {
  std::vector<const CLI::Option*> options = root.get_options();
  const CLI::App& app = chosen_app(root);
  if (&app == &root) return options;
  for (const CLI::Option* option : app.get_options()) options.push_back(option);
  return options;
}

std::vector<std::string> flag_names(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::Option* option : options_in_reach(root)) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

// "unknown flag '--foo'; did you mean '--force'?"
std::string describe_unknown(const char* what, const std::string& typed,
                             const std::vector<std::string>& candidates, const std::string& help) {
  const std::string name = typed.substr(0, typed.find('='));
  const std::string nearest = name.size() > kLongestQuoted ? "" : nearest_name(name, candidates);
  return nearest.empty() ? fmt::format("unknown {} {}; see {}", what, quoted(typed), help)
                         : fmt::format("unknown {} {}; did you mean '{}'?", what, quoted(typed), nearest);
}

// Of the first argument that nothing took.
Error explain_extra(const CLI::App& root, const std::string& typed) {
  const CLI::App& app = chosen_app(root);
  if (typed.size() > 1 && typed[0] == '-')
    return {ErrorKind::kUsage, describe_unknown("flag", typed, flag_names(root), help_of(root))};
  if (&app == &root) return unknown_command(root, typed);
  return {ErrorKind::kUsage, fmt::format("{} is one argument too many for {}; see {}", quoted(typed),
                                         app.get_name(), help_of(root))};
}

// The option that was given more often than once though it takes one value; null where none was.
const CLI::Option* repeated_option(const CLI::App& root) {
  for (const CLI::Option* option : options_in_reach(root)) {
    if (option->nonpositional() && option->get_items_expected_max() == 1 && option->results().size() > 1)
      return option;
  }
  return nullptr;
}

// CLI11's messages begin with the name of the option.
std::string option_of(const std::string& message) {
  return message.substr(0, message.find_first_of(": "));
}

}  // namespace

Error unknown_command(const CLI::App& root, const std::string& name) {
  std::vector<std::string> names;
  for (const CommandEntry& command : describe_commands(root)) names.push_back(command.name);
  return {ErrorKind::kUsage, describe_unknown("command", name, names, "penfield --help")};
}

Error explain_parse_error(const CLI::App& root, const CLI::ParseError& error) {
  const std::string message = error.what();
  // A misspelt flag is more likely the slip than the required one that it leaves missing.
  const bool required = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (required || dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::vector<std::string> extras = root.remaining(true);
    if (!extras.empty()) return explain_extra(root, extras.front());
  }
  if (required) {
    const CLI::App& app = chosen_app(root);
    return {ErrorKind::kUsage, fmt::format("{} needs {}: {}; see {}", app.get_name(), option_of(message),
                                           usage_line(describe_command(app)), help_of(root))};
  }
  if (dynamic_cast<const CLI::ConfigError*>(&error) != nullptr) {
    std::string key = message.substr(message.rfind(' ') + 1);
    const bool is_section = key.ends_with(".++");  // CLI11's mark of one that opens
    if (is_section) key.resize(key.size() - 3);
    return {ErrorKind::kUsage,
            fmt::format("--config: {} is not a {}; write lines such as seed = 1, and those of a "
                        "command below [scan]",
                        app::quoted(key), is_section ? "command" : "flag")};
  }
  if (const CLI::Option* repeated = repeated_option(root); repeated != nullptr) {
    return {ErrorKind::kUsage, fmt::format("{} is given {} times, but may be given only once",
                                           repeated->get_name(), repeated->results().size())};
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
    return {ErrorKind::kUsage, fmt::format("{} needs a value; see {}", option_of(message), help_of(root))};
  if (dynamic_cast<const CLI::FileError*>(&error) != nullptr)
    return {ErrorKind::kUsage, fmt::format("--config: {} cannot be read", quoted(option_of(message)))};
  return {ErrorKind::kUsage, message};
}

}  // namespace penfield::app
