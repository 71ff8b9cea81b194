#include "command_line.h"

#include <cstdio>
#include <iterator>

#include "choice_flag.h"
#include "command.h"
#include "flags.h"
#include "output.h"
#include "penfield/base/amounts.h"
#include "penfield/base/nearest.h"
#include "penfield/base/parallel.h"
#include "signals.h"
#include "version.h"

namespace penfield::app {
namespace {

constexpr const char* kShortHelp =
    R"(Penfield maps what single neurons of a language model are tuned to.

  penfield demo                                       the whole job on the bundled model and text
  penfield scan -m gpt2-medium -t text.txt -o result  every neuron of every layer, on your text

Commands: demo scan show report plot serve export label tokenize activations loss associate
          fetch concepts doctor completions.   More: penfield --help, penfield COMMAND --help
)";

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
  std::string line = error.message;  // one line, whatever a file name or token holds
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (!line.empty()) std::fprintf(stderr, "penfield: error: %s\n", line.c_str());
  return exit_code(error.kind);
}

void add_globals(CLI::App& root, Globals& globals, std::string& memory) {
  const std::string group = "Flags of every command";
  root.add_option("-j,--threads", globals.threads, "threads; default: all processors")
      ->check(CLI::Range(1, 1024))
      ->group(group);
  root.add_option("--seed", globals.seed, "seed of every random draw; default fixed, recorded")
      ->check(whole_number(0))
      ->group(group);
  root.add_option("--memory", memory, "most memory to use, such as 8G; refused before work begins")
      ->group(group);
  add_choice<numeric::Precision>(
      root, "--precision", globals.precision,
      {{"f32", numeric::Precision::kFloat32}, {"bf16", numeric::Precision::kBfloat16}},
      "factors of the forward pass; default f32; bf16: about 1.7 times as fast where the processor has it")
      ->group(group);
  add_choice<OutputFormat>(
      root, "--format", globals.format,
      {{"human", OutputFormat::kHuman}, {"json", OutputFormat::kJson}, {"tsv", OutputFormat::kTsv}},
      "form of what is printed; default human")
      ->group(group);
  add_choice<When>(root, "--color", globals.color,
                   {{"auto", When::kAuto}, {"always", When::kAlways}, {"never", When::kNever}},
                   "default auto")
      ->group(group);
  add_choice<ProgressMode>(root, "--progress", globals.progress,
                           {{"auto", ProgressMode::kAuto},
                            {"bar", ProgressMode::kBar},
                            {"plain", ProgressMode::kPlain},
                            {"none", ProgressMode::kNone}},
                           "default auto")
      ->group(group);
  root.add_flag("-q,--quiet", globals.quiet, "no progress, no notes")->group(group);
  root.add_flag("-v,--verbose", globals.verbose, "time and memory of every stage")->group(group);
  root.add_flag("--offline", globals.offline, "use no network; a model that is not in the cache is an error")
      ->group(group);
  root.set_config("--config", "", "read flags from FILE (TOML or INI; a section a command)")->group(group);
  root.set_version_flag("--version", std::string("penfield ") + kVersion, "print the version")->group(group);
  root.set_help_flag("-h,--help", "print this help")->group(group);
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

// "unknown flag --foo; did you mean --force?" for the first argument that nobody took.
std::string describe_unknown(const CLI::App& root, const std::string& typed) {
  const std::vector<CLI::App*> chosen = root.get_subcommands();
  std::vector<std::string> candidates;
  std::string what = "command";
  if (!typed.empty() && typed[0] == '-') {
    what = "flag";
    candidates = flag_names(root);
    for (const CLI::App* command : chosen) {
      for (std::string& name : flag_names(*command)) candidates.push_back(std::move(name));
    }
  } else if (!chosen.empty()) {
    return fmt::format("'{}' is one argument too many for {}; see penfield {} --help", typed,
                       chosen[0]->get_name(), chosen[0]->get_name());
  } else {
    for (const CLI::App* command : root.get_subcommands({})) candidates.push_back(command->get_name());
  }
  const std::string name = typed.substr(0, typed.find('='));
  const std::string nearest = nearest_name(name, candidates);
  const std::string help =
      chosen.empty() ? "penfield --help" : "penfield " + chosen[0]->get_name() + " --help";
  return nearest.empty() ? fmt::format("unknown {} '{}'; see {}", what, name, help)
                         : fmt::format("unknown {} '{}'; did you mean '{}'?", what, name, nearest);
}

// 0 for --help and --version (printed here), 2 for everything else that the parser refuses.
int report_parse_outcome(const CLI::App& root, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr) {
      std::printf("%s\n", error.what());
    } else {
      const auto chosen = root.get_subcommands();
      std::fputs((chosen.empty() ? root.help() : chosen.back()->help()).c_str(), stdout);
    }
    return 0;
  }
  // A misspelt flag is more likely the slip than the required one that it leaves missing.
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
      dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    const std::vector<std::string> extras = root.remaining(true);
    if (!extras.empty()) return report_error({ErrorKind::kUsage, describe_unknown(root, extras.front())});
  }
  return report_error({ErrorKind::kUsage, error.what()});
}

int run_chosen(const CLI::App& root, const Commands& commands, Globals& globals, const std::string& memory) {
  if (!memory.empty()) {
    const auto bytes = parse_bytes(memory);
    if (!bytes) return report_error(bytes.error());
    globals.memory_bytes = *bytes;
  }
  set_threads(globals.threads);
  for (const Command& command : commands) {
    if (!command.flags->parsed()) continue;
    try {
      const Result<void> result = command.run(globals);
      return result ? 0 : report_error(result.error());
    } catch (const std::bad_alloc&) {
      return report_error({ErrorKind::kMemory, "not enough memory; use fewer windows, layers or samples"});
    } catch (const std::exception& error) {
      return report_error({ErrorKind::kIo, error.what()});
    }
  }
  std::fputs(kShortHelp, stdout);
  return root.get_subcommands().empty() ? 0 : 2;
}

}  // namespace

int run_command_line(int argc, char** argv, const std::stop_token& stop) {
  CLI::App root{"Penfield maps what single neurons of a language model are tuned to.", "penfield"};
  Globals globals;
  globals.stop = stop;
  std::string memory;
  Commands commands;
  root.fallthrough();
  root.option_defaults()->always_capture_default(false);
  add_globals(root, globals, memory);
  for (const auto add :
       {add_demo, add_scan, add_show, add_report, add_plot, add_serve, add_export, add_label, add_tokenize,
        add_activations, add_loss, add_associate, add_fetch, add_concepts, add_doctor, add_completions}) {
    add(root, commands);
  }
  for (const Command& command : commands) {
    command.flags->set_help_flag("-h,--help", "print this help");
    command.flags->footer("Flags of every command (-j, --seed, --format, --color, …): penfield --help");
  }
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_parse_outcome(root, error);
  }
  return run_chosen(root, commands, globals, memory);
}

}  // namespace penfield::app
