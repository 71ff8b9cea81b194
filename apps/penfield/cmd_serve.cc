// penfield serve: the explorer, the page of a result with the model behind it.
#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <memory>

#include "flags.h"
#include "hub_access.h"
#include "json_document.h"
#include "open_browser.h"
#include "output.h"
#include "penfield/server/explorer.h"
#include "penfield/server/server.h"
#include "signals.h"

namespace penfield::app {
namespace {

struct ServeFlags {
  std::string folder;
  std::string model;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  bool no_open = false;
};

// The address goes to standard output, so that a script can read it; there is no secret in it.
Result<void> announce(const server::Server& server, const server::Explorer& explorer,
                      const Globals& globals) {
  const std::string url = server.url();
  if (!server.is_loopback()) {
    print_warning(
        fmt::format("{}: anyone who can reach this address can read the result and use the model", url));
  }
  PENFIELD_TRY_VOID(write_output(
      "", false,
      globals.format == OutputFormat::kJson
          ? nlohmann::ordered_json{{"schema_version", store::kSchemaVersion}, {"url", url}}.dump() + "\n"
          : url + "\n"));
  if (globals.quiet) return {};
  if (!explorer.why_not_live().empty()) {
    print_note(
        fmt::format("typed text is not available, because the model of this result could not be opened: {}",
                    explorer.why_not_live()));
  }
  print_note("the explorer is open at this address; Ctrl-C stops it");
  return {};
}

Result<void> run(const ServeFlags& flags, const Globals& globals) {
  server::ExplorerOptions options{
      .folder = flags.folder,
      .model = {},
      .find_model =
          [globals](const std::string& name) { return find_model_folder(name, hub::Needs::kModel, globals); },
      .limits = {}};
  if (!flags.model.empty()) {
    PENFIELD_TRY(options.model, resolve_model_folder(flags.model, hub::Needs::kModel, globals));
  }
  if (globals.memory_bytes) options.scan_text_bytes = *globals.memory_bytes;
  PENFIELD_TRY(server::Server server,
               server::Server::open({.host = flags.host, .port = flags.port, .limits = {}}));
  PENFIELD_TRY(const std::unique_ptr<server::Explorer> explorer, server::Explorer::open(std::move(options)));
  PENFIELD_TRY_VOID(announce(server, *explorer, globals));
  const StopAtSafeEdge stop_at_safe_edge(StopAtSafeEdge::Announce::kNo);  // answers are finished
  if (!flags.no_open) open_browser(server.url());

  server::Handlers handlers{
      .published = [&] { return explorer->published(); },
      .answer = [&](const server::Request& request,
                    const std::stop_token& gone) { return explorer->answer(request, gone); },
      .idle = [&](const std::stop_token& stop) { return explorer->work_ahead(stop); },
      .log = {}};
  if (globals.verbose) handlers.log = [](std::string_view line) { print_note(line); };
  server.run(handlers, globals.stop);
  return fail(ErrorKind::kInterrupted, "");  // the way in which serving ends; nothing is wrong
}

}  // namespace

void add_serve(CLI::App& root, Commands& commands) {
  CLI::App* command =
      root.add_subcommand("serve", "open the report with the model behind it: type text, inspect any unit");
  command->footer("penfield serve result");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("folder", flags->folder, "result folder of a scan")->required();
  start_group(*command, "Server");
  command
      ->add_option("-m,--model", flags->model,
                   "the model of the result, for text that is typed; default: the one that the result names")
      ->check(not_empty("MODEL"));
  command
      ->add_option(
          "--host", flags->host,
          "IP address, or localhost, to listen on; default 127.0.0.1, which only this machine can reach")
      ->check(not_empty("ADDRESS"));
  command->add_option("--port", flags->port, "port to listen on; default 0: any free port")
      ->check(whole_number(0, std::numeric_limits<std::uint16_t>::max()));
  command->add_flag("--no-open", flags->no_open, "do not open the browser");
  commands.push_back({.flags = command,
                      .run = [flags](const Globals& globals) { return run(*flags, globals); },
                      .limits_memory = true});
}

}  // namespace penfield::app
