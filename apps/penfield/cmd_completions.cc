// penfield completions SHELL: made from the option list of the parser, so that it cannot fall behind it.
#include <fmt/format.h>

#include <memory>

#include "flags.h"
#include "output.h"

namespace penfield::app {
namespace {

struct CommandFlags {
  std::string name, description;
  std::vector<std::string> flags;
};

void append_flags(std::vector<std::string>& flags, const CommandEntry& entry) {
  for (const OptionGroup& group : entry.groups) {
    for (const OptionEntry& option : group.options) {
      for (const std::string& name : option.long_names) flags.push_back("--" + name);
    }
  }
}

std::vector<CommandFlags> all_commands(const CLI::App& root) {
  std::vector<CommandFlags> commands;
  for (const CommandEntry& command : describe_commands(root)) {
    CommandFlags entry{command.name, command.summary, {}};
    append_flags(entry.flags, command);
    append_flags(entry.flags, describe_command(root));
    entry.flags.emplace_back("--help");
    commands.push_back(std::move(entry));
  }
  return commands;
}

std::string words(const std::vector<std::string>& list) {
  return fmt::format("{}", fmt::join(list, " "));
}

std::string bash(const std::vector<CommandFlags>& commands) {
  std::string names, cases;
  for (const CommandFlags& command : commands) {
    names += command.name + " ";
    cases += fmt::format("    {}) flags=\"{}\" ;;\n", command.name, words(command.flags));
  }
  return fmt::format(R"(_penfield() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} flags=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}}
complete -o filenames -F _penfield penfield
)",
                     names, cases);
}

std::string zsh(const std::vector<CommandFlags>& commands) {
  std::string names, cases;
  for (const CommandFlags& command : commands) {
    names += fmt::format("    '{}:{}'\n", command.name, command.description);
    cases += fmt::format("    {}) compadd -- {} ;;\n", command.name, words(command.flags));
  }
  return fmt::format(R"(#compdef penfield
_penfield() {{
  local -a commands
  commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  if [[ $words[CURRENT] != -* ]]; then
    _files
    return
  fi
  case $words[2] in
{}  esac
}}
compdef _penfield penfield
)",
                     names, cases);
}

std::string fish(const std::vector<CommandFlags>& commands) {
  std::string out = "complete -c penfield -n __fish_use_subcommand -f\n";
  for (const CommandFlags& command : commands) {
    out += fmt::format("complete -c penfield -n __fish_use_subcommand -a {} -d '{}'\n", command.name,
                       command.description);
    for (const std::string& flag : command.flags) {
      out += fmt::format("complete -c penfield -n '__fish_seen_subcommand_from {}' -l {}\n", command.name,
                         flag.substr(2));
    }
  }
  return out;
}

}  // namespace

void add_completions(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("completions", "print shell completions");
  command->footer("source <(penfield completions bash)");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(one_of({"bash", "zsh", "fish"}));
  commands.push_back(
      {command, [&root, shell](const Globals&) -> Result<void> {
         const std::vector<CommandFlags> all = all_commands(root);
         const std::string script = *shell == "bash" ? bash(all) : *shell == "zsh" ? zsh(all) : fish(all);
         return write_output("", false, script);
       }});
}

}  // namespace penfield::app
