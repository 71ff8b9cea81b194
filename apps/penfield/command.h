// What a subcommand is to the program: a CLI11 subcommand and the function that runs when it was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/base/team.h"
#include "penfield/numeric/precision.h"

namespace penfield::app {

struct Host;
struct JoinedParts;

enum class OutputFormat { kHuman, kJson, kTsv };
enum class When { kAuto, kAlways, kNever };
enum class ProgressMode { kAuto, kBar, kPlain, kNone };

// The flags that every command takes.
struct Globals {
  std::string program = "penfield";  // as it was called
  int threads = 0;                   // 0: as many as the machine has
  std::uint64_t seed = 20250214;
  std::optional<std::uint64_t> memory_bytes;
  numeric::Precision precision = numeric::Precision::kFloat32;
  OutputFormat format = OutputFormat::kHuman;
  bool quiet = false;
  bool verbose = false;
  bool offline = false;  // nothing is fetched
  When color = When::kAuto;
  ProgressMode progress = ProgressMode::kAuto;
  std::stop_token stop;
  const Host* host = nullptr;           // who runs the command, if it is not a shell (host.h)
  std::vector<std::string> arguments;   // behind the program's name
  const Team* team = &alone();          // the processes that run the command together
  const JoinedParts* joined = nullptr;  // what `join` gives the scan that it repeats (join.h)
};

struct Command {
  CLI::App* flags = nullptr;
  std::function<Result<void>(const Globals&)> run;
  bool limits_memory = false;  // by --memory; other commands refuse that flag
  bool is_shared = false;      // by the processes of a team
};

using Commands = std::vector<Command>;

void add_demo(CLI::App& root, Commands& commands);
void add_scan(CLI::App& root, Commands& commands);
void add_join(CLI::App& root, Commands& commands);
void add_show(CLI::App& root, Commands& commands);
void add_report(CLI::App& root, Commands& commands);
void add_plot(CLI::App& root, Commands& commands);
void add_serve(CLI::App& root, Commands& commands);
void add_mcp(CLI::App& root, Commands& commands);
void add_export(CLI::App& root, Commands& commands);
void add_label(CLI::App& root, Commands& commands);
void add_tokenize(CLI::App& root, Commands& commands);
void add_activations(CLI::App& root, Commands& commands);
void add_loss(CLI::App& root, Commands& commands);
void add_associate(CLI::App& root, Commands& commands);
void add_concepts(CLI::App& root, Commands& commands);
void add_fetch(CLI::App& root, Commands& commands);
void add_doctor(CLI::App& root, Commands& commands);
void add_completions(CLI::App& root, Commands& commands);
void add_reference(CLI::App& root, Commands& commands);

}  // namespace penfield::app
