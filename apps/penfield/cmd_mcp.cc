// penfield mcp: results and their model as tools, for an agent or an editor.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "flags.h"
#include "hub_access.h"
#include "output.h"
#include "penfield/mcp/stdio.h"
#include "penfield/mcp/tools.h"
#include "signals.h"
#include "version.h"

namespace penfield::app {
namespace {

constexpr const char* kInstructions =
    "Penfield finds the single neurons (units) of a language model that respond to a linguistic concept, and "
    "tests whether each finding holds on held-out text. Ask for results first, then top, then card and heatmap "
    "of single units. An AUC is of the activation for the concept's tokens; p-values are -log10 p.";

struct McpFlags {
  std::vector<std::string> folders, texts;
  std::string model;
};

Result<void> run(const McpFlags& flags, const Globals& globals) {
  if (flags.folders.empty() && (flags.model.empty() || flags.texts.empty()))
    return usage_error("mcp reads result folders: name one, or give -m MODEL and -t TEXT to scan");
  mcp::ToolOptions options{
      .folders = flags.folders,
      .model = {},
      .texts = flags.texts,
      .find_model =
          [globals](const std::string& name) { return find_model_folder(name, hub::Needs::kModel, globals); },
      .version = kVersion,
      .seed = globals.seed,
      .limits = {}};
  if (!flags.model.empty()) {
    PENFIELD_TRY(options.model, resolve_model_folder(flags.model, hub::Needs::kModel, globals));
  }
  PENFIELD_TRY(std::vector<mcp::Tool> tools, mcp::make_tools(std::move(options)));
  mcp::Session session(kVersion, kInstructions, std::move(tools));
  const StopAtSafeEdge stop_at_safe_edge(StopAtSafeEdge::Announce::kNo);  // what was scanned is removed
  PENFIELD_TRY_VOID(mcp::run_stdio(session, STDIN_FILENO, STDOUT_FILENO, globals.stop));
  if (globals.stop.stop_requested()) return fail(ErrorKind::kInterrupted, "");
  return {};
}

}  // namespace

void add_mcp(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand(
      "mcp", "offer results to an agent or an editor as tools, by the Model Context Protocol");
  command->footer("penfield mcp result");
  auto flags = std::make_shared<McpFlags>();
  command->add_option("folders", flags->folders, "result folders of scans; they are only read");
  start_group(*command, "Tools");
  command
      ->add_option("-m,--model", flags->model,
                   "the model for text that is typed and for scans; default: the one that a result names")
      ->check(not_empty("MODEL"));
  command->add_option("-t,--text", flags->texts, "text that may be scanned for other concepts")
      ->check(not_empty("FILE"));
  commands.push_back({command, [flags](const Globals& globals) { return run(*flags, globals); }});
}

}  // namespace penfield::app
