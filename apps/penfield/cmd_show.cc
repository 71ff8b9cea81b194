// penfield show: results in the terminal.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "flags.h"
#include "output.h"
#include "penfield/report/terminal/terminal.h"
#include "penfield/report/words/lookup.h"
#include "penfield/store/unfinished_run.h"
#include "penfield/store/units_table.h"
#include "result_flags.h"
#include "terminal.h"

namespace penfield::app {
namespace {

struct ShowFlags {
  std::string folder;
  std::vector<std::string> units;
  report::SummaryOptions summary;
  bool heatmap = false;
  bool held_out = false;
};

bool wants_heatmap(const ShowFlags& flags) {
  return flags.heatmap || flags.held_out;
}

// The named units; with --heatmap and none named, the best one that has a heatmap.
Result<std::vector<UnitId>> chosen_units(const ShowFlags& flags, const report::ReportData& data) {
  std::vector<UnitId> units;
  for (const std::string& name : flags.units) {
    PENFIELD_TRY(UnitId unit, parse_unit(name));
    units.push_back(unit);
  }
  if (units.empty() && wants_heatmap(flags) && !data.heatmaps.units.empty())
    units.push_back(data.heatmaps.units.front());
  return units;
}

Result<std::string> show_one(const UnitId& unit, const ShowFlags& flags, const report::ReportData& data,
                             const report::TerminalOptions& screen) {
  std::string out;
  if (!flags.units.empty()) {
    PENFIELD_TRY(out, report::show_unit(data, unit, screen));
  }
  if (wants_heatmap(flags)) {
    const auto split = flags.held_out ? sample::Split::kHeldOut : sample::Split::kDiscovery;
    PENFIELD_TRY(const std::string heatmap, report::show_heatmap(data, unit, split, screen));
    out += (out.empty() ? "" : "\n") + heatmap;
  }
  return out;
}

Result<std::string> table(const ShowFlags& flags, const report::ReportData& data,
                          const std::vector<UnitId>& units, bool json) {
  std::vector<findings::Finding> rows;
  for (const UnitId& unit : units) {
    const findings::Finding* finding = report::find_unit(data, unit);
    if (finding == nullptr) return usage_error("{} is not a unit of {}", to_string(unit), flags.folder);
    rows.push_back(*finding);
  }
  if (flags.units.empty()) {
    rows.clear();
    for (const findings::Finding* unit : report::top_units(data, flags.summary.top, flags.summary.layer))
      rows.push_back(*unit);
  }
  return store::format_units(rows, store::UnitColumns::kScan, json);
}

Result<void> run(const ShowFlags& flags, const Globals& globals) {
  PENFIELD_TRY(const report::ReportData data, read_report_data(flags.folder));
  if (const store::UnfinishedRun unfinished(flags.folder); unfinished.exists() && !globals.quiet) {
    print_note(
        fmt::format("{}: an unfinished scan is to replace this result; its command finishes it, with --force",
                    unfinished.folder()));
  }
  const auto& layers = data.run.layers;
  if (flags.summary.layer && std::find(layers.begin(), layers.end(), *flags.summary.layer) == layers.end()) {
    return usage_error("--layer {}: {} has the layers {}", *flags.summary.layer, flags.folder,
                       fmt::join(layers, ","));
  }
  PENFIELD_TRY(const std::vector<UnitId> units, chosen_units(flags, data));
  if (globals.format != OutputFormat::kHuman) {
    PENFIELD_TRY(const std::string rows, table(flags, data, units, globals.format == OutputFormat::kJson));
    return write_output("", false, rows);
  }
  const report::TerminalOptions screen = screen_options(globals);
  std::string out;
  for (const UnitId& unit : units) {
    PENFIELD_TRY(const std::string shown, show_one(unit, flags, data, screen));
    out += (out.empty() ? "" : "\n") + shown;
  }
  if (units.empty()) out = report::show_summary(data, flags.summary, screen);
  return write_output("", false, out);
}

}  // namespace

void add_show(CLI::App& root, Commands& commands) {
  CLI::App* command = root.add_subcommand(
      "show", "print results in the terminal: the best units, one unit in words, text coloured by it");
  command->footer("penfield show result L18.1234 --heatmap");
  auto flags = std::make_shared<ShowFlags>();
  command->add_option("folder", flags->folder, "result folder of a scan")->required();
  command->add_option("units", flags->units, "units such as L18.1234; default: a table of the best units");
  start_group(*command, "Output");
  command->add_option("--top", flags->summary.top, "rows of the table; default 20")->check(whole_number(1));
  command->add_option("--layer", flags->summary.layer, "only units of this layer")->check(whole_number(0));
  command->add_flag("--heatmap", flags->heatmap,
                    "discovery text coloured by the units' activations; no unit named: by the best unit's");
  command->add_flag("--held-out", flags->held_out, "the same over the held-out text");
  commands.push_back({command, [flags](const Globals& globals) { return run(*flags, globals); }});
}

}  // namespace penfield::app
