#include "command_line.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "choice_flag.h"
#include "command.h"
#include "flags.h"
#include "help_text.h"
#include "host.h"
#include "option_list.h"
#include "output.h"
#include "parse_error.h"
#include "penfield/base/amounts.h"
#include "penfield/base/parallel.h"
#include "signals.h"
#include "version.h"

namespace penfield::app {
namespace {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kIo:
      return 1;
    case ErrorKind::kUsage:
      return 2;
    case ErrorKind::kBadInput:
      return 3;
    case ErrorKind::kNetwork:
      return 4;
    case ErrorKind::kMemory:
      return 5;
    case ErrorKind::kInterrupted:
      return signal_exit_code();
  }
  return 1;
}

int report_error(const Error& error) {
  if (!error.message.empty()) std::fprintf(stderr, "penfield: error: %s\n", one_line(error.message).c_str());
  return exit_code(error.kind);
}

// Everything that is given before the command runs.
struct Given {
  Globals globals;
  bool version = false;
  std::string help_of;  // the argument of `penfield help`
};

// kIo where standard output cannot take it.
int print(const std::string& text) {
  const Result<void> written = write_output("", false, text);
  return written ? 0 : report_error(written.error());
}

CLI::Validator regular_file() {
  return CLI::Validator(
      [](const std::string& path) {
        struct stat status {};
        if (::stat(path.c_str(), &status) != 0)
          return fmt::format("'{}': {}", path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
        return S_ISREG(status.st_mode) ? std::string() : fmt::format("'{}' is not a regular file", path);
      },
      "FILE");
}

void add_machine_flags(CLI::App& root, Globals& globals) {
  start_group(root, "Machine");
  root.add_option("-j,--threads", globals.threads, "threads; default: one for each processor")
      ->check(whole_number(1, 1024));
  root.add_option_function<std::string>(
          "--memory",
          [&globals](const std::string& text) {
            const auto bytes = parse_bytes(text);
            if (!bytes) throw CLI::ValidationError("--memory", bytes.error().message);
            globals.memory_bytes = *bytes;
          },
          "memory limit, such as 8G; work that needs more is refused before it begins")
      ->type_name("SIZE");
  add_choice<numeric::Precision>(
      root, "--precision", globals.precision,
      {{"f32", numeric::Precision::kFloat32}, {"bf16", numeric::Precision::kBfloat16}},
      "precision of the forward pass; default f32; bf16 is about 1.7 times as fast on processors that have it");
  root.add_option("--seed", globals.seed, "seed of every random draw; default 20250214")
      ->check(whole_number(0));
}

void add_globals(CLI::App& root, Given& given) {
  Globals& globals = given.globals;
  add_machine_flags(root, globals);
  start_group(root, "Output");
  add_choice<OutputFormat>(
      root, "--format", globals.format,
      {{"human", OutputFormat::kHuman}, {"json", OutputFormat::kJson}, {"tsv", OutputFormat::kTsv}},
      "format of what is printed; default human");
  add_choice<When>(root, "--color", globals.color,
                   {{"auto", When::kAuto}, {"always", When::kAlways}, {"never", When::kNever}},
                   "colour; default auto: on a terminal, unless NO_COLOR is set");
  add_choice<ProgressMode>(root, "--progress", globals.progress,
                           {{"auto", ProgressMode::kAuto},
                            {"bar", ProgressMode::kBar},
                            {"plain", ProgressMode::kPlain},
                            {"none", ProgressMode::kNone}},
                           "how progress is shown; default auto: a bar on a terminal, lines elsewhere");
  root.add_flag("-q,--quiet", globals.quiet, "no progress and no notes");
  root.add_flag("-v,--verbose", globals.verbose, "also print time and memory of each stage");
  root.add_flag("--offline", globals.offline, "use no network; a model that is not in the cache is an error");
  start_group(root, "Other");
  root.set_config("--config", "",
                  "read flags from a TOML or INI file; those of a command go under the heading [COMMAND]")
      ->check(regular_file());
  root.add_flag("-V,--version", given.version, "print the version; with -v or --format json, the build too");
  root.set_help_flag("-h,--help", "print help");
  root.allow_config_extras(CLI::config_extras_mode::error);
}

const CLI::App* find_command(const CLI::App& root, const std::string& name) {
  for (const CLI::App* command : root.get_subcommands({})) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

// penfield help [COMMAND].
void add_help(CLI::App& root, Commands& commands, std::string& name) {
  CLI::App* command = root.add_subcommand("help", "print the help of a command");
  command->add_option("command", name, "name of a command; default: help of the program");
  command->footer("penfield help scan");
  commands.push_back({command, [&root, &name](const Globals&) -> Result<void> {
                        if (name.empty()) return write_output("", false, program_help(root));
                        const CLI::App* named = find_command(root, name);
                        if (named == nullptr) return tl::unexpected<Error>(unknown_command(root, name));
                        return write_output("", false, command_help(root, *named));
                      }});
}

int print_version(const Globals& globals) {
  if (globals.format == OutputFormat::kJson) return print(version_json());
  return print(globals.verbose ? version_facts() : version_line());
}

int print_help(const CLI::App& root) {
  const auto chosen = root.get_subcommands();
  return print(chosen.empty() ? program_help(root) : command_help(root, *chosen.back()));
}

Error memory_is_not_limited(const Commands& commands, const std::string& chosen) {
  std::string names;
  for (const Command& command : commands) {
    if (command.limits_memory) names += (names.empty() ? "" : ", ") + command.flags->get_name();
  }
  return {ErrorKind::kUsage, fmt::format("--memory does not limit {}; it limits {}", chosen, names)};
}

// The parser with all commands. Filled in place: the commands keep references.
struct Program {
  CLI::App root{
      "Penfield finds the neurons of a language model that respond to a concept, and tests each finding.",
      "penfield"};
  Given given;
  Commands commands;
};

void fill(Program& program) {
  program.root.fallthrough();
  program.root.require_subcommand(0, 1);  // a second name is an argument, as of help
  program.root.option_defaults()->always_capture_default(false);
  add_globals(program.root, program.given);
  for (const auto add : {add_demo, add_scan, add_join, add_show, add_report, add_plot, add_serve, add_mcp,
                         add_export, add_label, add_tokenize, add_activations, add_loss, add_associate,
                         add_fetch, add_concepts, add_doctor, add_completions, add_reference}) {
    add(program.root, program.commands);
  }
  add_help(program.root, program.commands, program.given.help_of);
  for (const Command& command : program.commands)
    command.flags->set_help_flag("-h,--help", "print this help");
}

Result<void> parse(Program& program, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
  try {
    program.root.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    Error explained = explain_parse_error(program.root, error);
    explained.message = one_line(explained.message);
    return tl::unexpected<Error>(std::move(explained));
  }
  return {};
}

const Command* chosen_command(const Program& program) {
  for (const Command& command : program.commands) {
    if (command.flags->parsed()) return &command;
  }
  return nullptr;
}

enum class Asked { kCommand, kHelp, kShortHelp, kVersion };

// What the parser makes of a command line. Errors: what it refuses.
Result<Asked> parse_command_line(Program& program, int argc, char** argv) {
  try {
    program.root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return Asked::kHelp;
    // penfield scan --version lacks what scan requires.
    if (!program.given.version) return tl::unexpected<Error>(explain_parse_error(program.root, error));
  }
  if (program.given.version) return Asked::kVersion;
  return chosen_command(program) == nullptr ? Asked::kShortHelp : Asked::kCommand;
}

int print_asked(const Program& program, Asked asked) {
  if (asked == Asked::kHelp) return print_help(program.root);
  return asked == Asked::kVersion ? print_version(program.given.globals) : print(short_help(program.root));
}

// Every process of a team tells what it was given before it begins, or those that had no error would wait for
// ever for one that had.
Result<void> agree(const Team& team, const Result<Asked>& parsed, const Command* command) {
  if (!parsed) return team.meet(tl::unexpected<Error>(parsed.error()));
  const bool runs = *parsed == Asked::kCommand;
  PENFIELD_TRY(const std::vector<std::string> all,
               team.exchange(runs ? command->flags->get_name() : std::to_string(static_cast<int>(*parsed))));
  if (std::ranges::all_of(all, [&](const std::string& one) { return one == all.front(); })) return {};
  return usage_error("the processes were given different commands");
}

Result<void> run_command(const Command& command, const Program& program) {
  const Globals& globals = program.given.globals;
  if (!set_threads(globals.threads) && !globals.quiet)
    print_note("the system does not allow this many threads; running on one");
  const std::string name = command.flags->get_name();
  if (globals.memory_bytes && !command.limits_memory)
    return tl::unexpected<Error>(memory_is_not_limited(program.commands, name));
  if (!globals.team->is_alone() && !command.is_shared)
    return usage_error("several processes share scan and join; run {} with one", name);
  try {
    return command.run(globals);
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::kMemory, "not enough memory; use fewer windows, layers or samples");
  } catch (const std::exception& error) {
    return io_error("{}", error.what());
  }
}

}  // namespace

int run_command_line(int argc, char** argv, const std::stop_token& stop, const Team& team) {
  Program program;
  Globals& globals = program.given.globals;
  globals.stop = stop;
  globals.team = &team;
  if (argc > 0) globals.program = argv[0];
  for (int i = 1; i < argc; ++i) globals.arguments.emplace_back(argv[i]);
  fill(program);
  const Result<Asked> parsed = parse_command_line(program, argc, argv);
  const Result<void> agreed = agree(team, parsed, chosen_command(program));
  const auto report = [&](const Error& error) {
    return team.is_first() ? report_error(error) : exit_code(error.kind);
  };
  if (!agreed) return report(agreed.error());
  if (*parsed != Asked::kCommand) return team.is_first() ? print_asked(program, *parsed) : 0;
  if (!team.is_first()) {
    globals.quiet = true;
    globals.verbose = false;
  }
  Result<void> result = run_command(*chosen_command(program), program);
  if (!team.has_ended()) result = team.meet(result);
  return result ? 0 : report(result.error());
}

Result<void> repeat_command(std::vector<std::string> arguments, const std::function<void(Globals&)>& change) {
  Program program;
  program.given.globals.arguments = arguments;
  fill(program);
  PENFIELD_TRY_VOID(parse(program, std::move(arguments)));
  change(program.given.globals);
  const Command* command = chosen_command(program);
  if (command == nullptr) return usage_error("no command was given");
  return run_command(*command, program);
}

Result<std::string> run_arguments(std::vector<std::string> arguments, const Host& host,
                                  const std::stop_token& stop) {
  Program program;
  program.given.globals.stop = stop;
  program.given.globals.host = &host;
  program.given.globals.quiet = true;
  program.given.globals.arguments = arguments;
  fill(program);
  PENFIELD_TRY_VOID(parse(program, std::move(arguments)));
  const Command* command = chosen_command(program);
  if (command == nullptr) return usage_error("no command was given");
  CapturedOutput output;
  const Result<void> result = run_command(*command, program);
  if (!result) return fail(result.error().kind, "{}", one_line(result.error().message));
  return std::move(output.text());
}

CommandEntry describe_command(const std::string& name) {
  Program program;
  fill(program);
  const CLI::App* command = name.empty() ? &program.root : find_command(program.root, name);
  return command == nullptr ? CommandEntry{} : describe_command(*command);
}

}  // namespace penfield::app
