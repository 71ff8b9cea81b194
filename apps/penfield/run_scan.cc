#include "run_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "output.h"
#include "penfield/base/amounts.h"
#include "penfield/report/terminal/terminal.h"
#include "penfield/store/run_json.h"
#include "penfield/store/units_table.h"
#include "progress.h"
#include "signals.h"
#include "terminal.h"
#include "version.h"

namespace penfield::app {
namespace {

void print_stages(const store::RunRecord& run) {
  for (const store::StageRecord& stage : run.stages) {
    std::string line = fmt::format("{:<9} {:8.3f} s   memory {:>7}, peak {:>7}", stage.name, stage.seconds,
                                   format_bytes(stage.rss_bytes), format_bytes(stage.peak_rss_bytes));
    if (stage.flop > 0) line += fmt::format("   {:.0f} GFLOP/s", stage.flop / stage.seconds / 1e9);
    if (stage.bytes_read > 0) line += "   read " + format_bytes(stage.bytes_read);
    if (stage.bytes_written > 0) line += "   written " + format_bytes(stage.bytes_written);
    print_note(line);
  }
}

}  // namespace

Result<report::ReportData> run_scan(const study::StudyRequest& request, const std::string& folder, bool force,
                                    const Globals& globals) {
  PENFIELD_TRY(store::ResultWriter writer, store::ResultWriter::open(folder, force));
  ProgressPrinter printer(globals);
  // From the first pass on there is work that the same command can go on from.
  std::optional<StopAtSafeEdge> stop_at_safe_edge;
  const Watch watch(
      [&](std::string_view stage, std::uint64_t done, std::uint64_t total, std::string_view unit) {
        if (!stop_at_safe_edge)
          stop_at_safe_edge.emplace(globals.quiet ? StopAtSafeEdge::Announce::kNo
                                                  : StopAtSafeEdge::Announce::kYes);
        return printer.update(stage, done, total, unit);
      },
      globals.stop);
  PENFIELD_TRY(study::StudyResult result, study::run_study(request, kVersion, writer, watch));
  printer.clear();
  if (!result.taken_up.empty() && !globals.quiet) print_note(result.taken_up);
  if (!globals.quiet) print_text_notes(result.run.n_rows_skipped, result.run.n_bytes_replaced);
  if (globals.verbose) print_stages(result.run);
  // People read the warnings in the summary; a program that reads standard output gets them here.
  if (globals.format != OutputFormat::kHuman && !globals.quiet) {
    for (const std::string& warning : result.run.warnings) print_warning(warning);
  }
  return report::ReportData{std::move(result.run), std::move(result.units), std::move(result.heatmaps)};
}

std::string scan_summary(const report::ReportData& data, const Globals& globals) {
  if (globals.format == OutputFormat::kJson) return store::format_run_json(data.run);
  if (globals.format == OutputFormat::kTsv) {
    std::vector<findings::Finding> significant;
    std::copy_if(data.units.begin(), data.units.end(), std::back_inserter(significant),
                 [](const findings::Finding& unit) { return unit.significant; });
    return store::format_units(significant, store::UnitColumns::kScan, false);
  }
  return report::show_summary(data, {}, screen_options(globals));
}

}  // namespace penfield::app
