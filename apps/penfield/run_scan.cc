#include "run_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "output.h"
#include "penfield/base/amounts.h"
#include "penfield/base/file_type.h"
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

// Of the processes of a team the first holds the folder.
Result<store::ResultWriter> open_writer(const std::string& folder, bool force, const Team& team) {
  if (!team.is_first()) {
    PENFIELD_TRY_VOID(team.meet());
    return store::ResultWriter::beside(folder);
  }
  Result<store::ResultWriter> writer = store::ResultWriter::open(folder, force);
  PENFIELD_TRY_VOID(team.meet(writer ? Result<void>() : tl::unexpected<Error>(writer.error())));
  return writer;
}

// Shows the progress of a scan, and stops it where the same command can go on from.
class ScanWatch {
 public:
  explicit ScanWatch(const Globals& globals)
      : globals_(globals),
        printer_(globals),
        watch_([this](std::string_view stage, std::uint64_t done, std::uint64_t total,
                      std::string_view unit) { return report(stage, done, total, unit); },
               globals.stop) {}
  ScanWatch(const ScanWatch&) = delete;
  ScanWatch& operator=(const ScanWatch&) = delete;
  ~ScanWatch() = default;

  [[nodiscard]] const Watch& watch() const { return watch_; }
  void clear() { printer_.clear(); }

 private:
  Result<void> report(std::string_view stage, std::uint64_t done, std::uint64_t total,
                      std::string_view unit) {
    using Announce = StopAtSafeEdge::Announce;
    // From the first pass on there is work to go on from.
    if (!stop_at_safe_edge_) stop_at_safe_edge_.emplace(globals_.quiet ? Announce::kNo : Announce::kYes);
    PENFIELD_TRY_VOID(globals_.team->check());
    return printer_.update(stage, done, total, unit);
  }

  const Globals& globals_;
  ProgressPrinter printer_;
  std::optional<StopAtSafeEdge> stop_at_safe_edge_;
  Watch watch_;
};

}  // namespace

Result<study::PartResult> run_scan_part(const study::StudyRequest& request, const std::string& folder,
                                        bool force, const Globals& globals) {
  PENFIELD_TRY(store::ResultWriter writer, store::ResultWriter::open(folder, force));
  ScanWatch watch(globals);
  PENFIELD_TRY(study::PartResult result, study::run_part(request, kVersion, writer, watch.watch()));
  watch.clear();
  std::error_code error;
  store::RunInputs command = {{"folder", std::filesystem::current_path(error).string()}};
  for (const std::string& argument : globals.arguments) command.emplace_back("argument", argument);
  PENFIELD_TRY_VOID(writer.unfinished_run().record_command(command));
  if (!result.taken_up.empty() && !globals.quiet) print_note(result.taken_up);
  return result;
}

Result<report::ReportData> run_scan(const study::StudyRequest& request, const std::string& folder, bool force,
                                    const Globals& globals) {
  PENFIELD_TRY(store::ResultWriter writer, open_writer(folder, force, *globals.team));
  ScanWatch watch(globals);
  PENFIELD_TRY(study::StudyResult result, study::run_study(request, kVersion, writer, watch.watch()));
  watch.clear();
  if (const std::string left = writer.unfinished_run().folder(); globals.team->is_first() && exists(left))
    print_warning(fmt::format("{}: cannot be removed; delete it, as nothing needs it any more", left));
  if (!result.taken_up.empty() && !globals.quiet) print_note(result.taken_up);
  if (!globals.quiet) print_text_notes(result.run.n_rows_skipped, result.run.n_bytes_replaced);
  if (globals.verbose) print_stages(result.run);
  if (globals.verbose && !globals.team->is_alone())
    print_note(fmt::format("sent {} to each other process", format_bytes(globals.team->n_bytes_sent())));
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
