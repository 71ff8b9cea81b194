#include "reference_pages.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace penfield::app {
namespace {

constexpr std::pair<const char*, const char*> kExitCodes[] = {
    {"0", "success"},
    {"1", "a file cannot be read or written, or a result folder is in use"},
    {"2", "a flag or an argument is wrong"},
    {"3", "a model, text, array or result folder is invalid"},
    {"4", "the network failed, or is needed and not allowed"},
    {"5", "not enough memory for the work"},
    {"130, 143", "stopped by Ctrl-C, or by SIGTERM"}};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// What Markdown or a table would read as markup.
std::string markdown_text(std::string text) {
  for (const char* mark : {"<", "*", "_"}) text = replaced(std::move(text), mark, fmt::format("\\{}", mark));
  return replaced(std::move(text), "|", "\\|");
}

void markdown_options(std::string& out, const std::vector<OptionEntry>& options) {
  out += "\n| | |\n| --- | --- |\n";
  for (const OptionEntry& option : options) {
    fmt::format_to(std::back_inserter(out), "| `{}` | {}{} |\n", replaced(option_heading(option), "|", "\\|"),
                   markdown_text(option.text), option.required ? " (required)" : "");
  }
}

void markdown_command(std::string& out, const CommandEntry& command) {
  fmt::format_to(std::back_inserter(out), "\n## penfield {}\n\n{}.\n\n    {}\n", command.name,
                 markdown_text(command.summary), usage_line(command));
  if (!command.arguments.empty()) markdown_options(out, command.arguments);
  for (const OptionGroup& group : command.groups) {
    out += "\n**" + group.title + "**\n";
    markdown_options(out, group.options);
  }
  if (!command.example.empty()) out += "\nExample:\n\n    " + command.example + "\n";
}

// Text of a man page: a backslash, a leading dot or quote, and hyphens of flags mean something to roff.
std::string roff(std::string text) {
  text = replaced(std::move(text), "\\", "\\e");
  text = replaced(std::move(text), "-", "\\-");
  if (text.starts_with('.') || text.starts_with('\'')) text.insert(0, "\\&");
  return text;
}

void roff_options(std::string& out, const std::vector<OptionEntry>& options) {
  for (const OptionEntry& option : options)
    fmt::format_to(std::back_inserter(out), ".TP\n\\fB{}\\fR\n{}\n", roff(option_heading(option)),
                   roff(option.text));
}

void roff_command(std::string& out, const CommandEntry& command) {
  fmt::format_to(std::back_inserter(out), ".SS penfield {}\n{}.\n.PP\n.nf\n{}\n.fi\n", roff(command.name),
                 roff(command.summary), roff(usage_line(command)));
  roff_options(out, command.arguments);
  for (const OptionGroup& group : command.groups) {
    out += ".PP\n" + roff(group.title) + ":\n";
    roff_options(out, group.options);
  }
  if (!command.example.empty()) out += ".PP\nExample:\n.PP\n.nf\n" + roff(command.example) + "\n.fi\n";
}

}  // namespace

std::string markdown_reference(const CLI::App& root) {
  std::string out =
      "# The command line\n\n<!-- Written by tools/check_reference.sh --fix; do not edit. -->\n\n";
  out += root.get_description() + "\n\n    penfield COMMAND [flags]\n\n| | |\n| --- | --- |\n";
  const std::vector<CommandEntry> commands = describe_commands(root);
  for (const CommandEntry& command : commands)
    fmt::format_to(std::back_inserter(out), "| [{0}](#penfield-{0}) | {1} |\n", command.name,
                   markdown_text(command.summary));
  out += "\n## Flags of every command\n";
  for (const OptionGroup& group : describe_command(root).groups) {
    out += "\n**" + group.title + "**\n";
    markdown_options(out, group.options);
  }
  out += "\n## Exit codes\n\n| | |\n| --- | --- |\n";
  for (const auto& [code, meaning] : kExitCodes)
    fmt::format_to(std::back_inserter(out), "| {} | {} |\n", code, meaning);
  for (const CommandEntry& command : commands) markdown_command(out, command);
  return out;
}

std::string manual_page(const CLI::App& root) {
  std::string out =
      ".\\\" Written by tools/check_reference.sh --fix; do not edit.\n.TH PENFIELD 1\n.SH NAME\n";
  out += "penfield \\- find the neurons of a language model that respond to a concept\n.SH SYNOPSIS\n";
  out += ".B penfield\n.I COMMAND\n[flags]\n.SH DESCRIPTION\n" + roff(root.get_description()) +
         "\n.SH COMMANDS\n";
  for (const CommandEntry& command : describe_commands(root)) roff_command(out, command);
  out += ".SH FLAGS OF EVERY COMMAND\n";
  for (const OptionGroup& group : describe_command(root).groups) {
    out += ".PP\n" + roff(group.title) + ":\n";
    roff_options(out, group.options);
  }
  out += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : kExitCodes)
    fmt::format_to(std::back_inserter(out), ".TP\n{}\n{}\n", code, roff(meaning));
  return out;
}

}  // namespace penfield::app
