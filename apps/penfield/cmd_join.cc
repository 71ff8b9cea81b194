// penfield join: from the parts of a scan to its result.
#include <filesystem>
#include <memory>

#include "command_line.h"
#include "flags.h"
#include "join.h"
#include "penfield/store/unfinished_run.h"

namespace penfield::app {
namespace {

// The arguments of the command that made a part. kBadInput: it ran in another folder, where paths may mean
// other files.
Result<std::vector<std::string>> arguments_of(const std::string& part) {
  PENFIELD_TRY(const store::RunInputs command, store::UnfinishedRun(part).command());
  std::vector<std::string> arguments;
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string();
  for (const auto& [name, value] : command) {
    if (name == "argument") arguments.push_back(value);
    if (name == "folder" && value != here)
      return bad_input("{}: its scan ran in {}; run penfield join there, so that paths mean the same", part,
                       value);
  }
  return arguments;
}

Result<void> run(const JoinedParts& joined, const Globals& globals) {
  const Globals defaults;
  if (globals.seed != defaults.seed || globals.precision != defaults.precision)
    return usage_error("join: seed and precision are those of the parts");
  for (const std::string& part : joined.parts) {
    std::error_code error;
    if (std::filesystem::equivalent(part, joined.folder, error))
      return usage_error("join: {} is one of the parts; write the result into another folder", joined.folder);
  }
  PENFIELD_TRY(std::vector<std::string> arguments, arguments_of(joined.parts.front()));
  // What decides the result comes from the parts; how it is shown and how fast, from here.
  return repeat_command(std::move(arguments), [&](Globals& of_scan) {
    Globals out = globals;
    out.seed = of_scan.seed;
    out.precision = of_scan.precision;
    out.offline = globals.offline || of_scan.offline;
    out.joined = &joined;
    of_scan = std::move(out);
  });
}

}  // namespace

void add_join(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("join", "make the result of a scan whose passes ran in parts");
  command->footer("penfield join part-1 part-2 part-3 part-4 -o result");
  auto joined = std::make_shared<JoinedParts>();
  command->add_option("parts", joined->parts, "folders of all parts (penfield scan --part)")->required();
  start_group(*command, "Output");
  command->add_option("-o,--output", joined->folder, "result folder to write")
      ->check(not_empty("DIR"))
      ->required();
  command->add_flag("--force", joined->force, "replace existing results");
  commands.push_back({.flags = command,
                      .run = [joined](const Globals& globals) { return run(*joined, globals); },
                      .limits_memory = true,
                      .is_shared = true});
}

}  // namespace penfield::app
