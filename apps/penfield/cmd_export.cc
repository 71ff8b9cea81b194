// penfield export: results for other tools.
#include <memory>

#include "flags.h"
#include "output.h"
#include "penfield/store/export.h"
#include "penfield/store/result_folder.h"

namespace penfield::app {
namespace {

struct ExportFlags {
  std::string folder;
  OutputFlags output;
  std::string format = "tsv";
};

Result<void> run(const ExportFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const std::vector<findings::Finding> units, store::read_units(flags.folder));
  const store::ExportFormat format = *store::parse_export_format(flags.format);
  const bool text = store::is_text(format);
  if (text && (flags.output.path.empty() || flags.output.path == "-")) {
    return write_output("", false, store::format_export(units, format));
  }
  const std::string path = flags.output.path.empty() ? "units." + flags.format : flags.output.path;
  if (path == "-") return usage_error("--format {} writes a file: give -o FILE", flags.format);
  PENFIELD_TRY_VOID(check_replaceable(path, flags.output.force));
  store::ExportedResult result{.units = units};
  std::vector<store::SampleRow> samples;
  store::Heatmaps heatmaps;
  store::RunRecord record;
  if (format == store::ExportFormat::kSqlite) {
    PENFIELD_TRY(samples, store::read_samples(flags.folder));
    PENFIELD_TRY(heatmaps, store::read_heatmaps(flags.folder));
    PENFIELD_TRY(record, store::read_run(flags.folder));
    result.samples = samples;
    result.windows = heatmaps.tokens;
    result.run = &record;
  }
  PENFIELD_TRY(const std::string place, follow_links(path));
  PENFIELD_TRY_VOID(store::export_result(result, format, place));
  if (!globals.quiet) print_note("wrote " + path);
  return {};
}

}  // namespace

void add_export(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand("export", "write results for other tools");
  command->footer("penfield export result --format sqlite -o units.sqlite");
  auto flags = std::make_shared<ExportFlags>();
  command->add_option("folder", flags->folder, "result folder of a scan")->required();
  start_group(*command, "Output");
  command->add_option("--format", flags->format, "default tsv")
      ->check(one_of({"tsv", "csv", "jsonl", "npy", "sqlite"}));
  add_output_flags(*command, flags->output,
                   "file to write; default: standard output, or units.npy, units.sqlite");
  commands.push_back({command, [flags](const Globals& globals) { return run(*flags, globals); }});
}

}  // namespace penfield::app
