#include "penfield/store/result_folder.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "penfield/base/check.h"
#include "penfield/base/file_type.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/mapped_file.h"
#include "penfield/formats/sha256.h"
#include "penfield/store/heatmap_files.h"
#include "penfield/store/replace_files.h"
#include "penfield/store/run_json.h"
#include "penfield/store/samples_table.h"

namespace penfield::store {
namespace {

namespace fs = std::filesystem;
using formats::AtomicFile;

using formats::MappedFile;

constexpr std::string_view kRun = "run.json";
constexpr std::string_view kSamples = "samples.tsv";
constexpr std::string_view kUnits = "units.tsv";
constexpr std::string_view kWindows = "windows.tsv";
constexpr std::string_view kHeatmaps = "heatmaps.npy";
constexpr std::array kFiles = {kSamples, kUnits, kWindows, kHeatmaps,
                               kRun};  // run.json last: it makes the result whole
constexpr FileSet kSet = {.names = kFiles,
                          .outdated = "report.html"};  // made from the result, by another room

std::string path_in(const std::string& folder, std::string_view name) {
  return (fs::path(folder) / name).string();
}

Result<AtomicFile> write_part(const std::string& path, std::string_view bytes,
                              const formats::FileCalls& calls) {
  PENFIELD_TRY(AtomicFile file, AtomicFile::create(path, calls));
  PENFIELD_TRY_VOID(file.write(bytes));
  PENFIELD_TRY_VOID(file.finish());
  return file;
}

Result<AtomicFile> write_heatmap_part(const std::string& path, const Heatmaps& heatmaps,
                                      const formats::FileCalls& calls) {
  PENFIELD_TRY(AtomicFile file, AtomicFile::create(path, calls));
  PENFIELD_TRY_VOID(write_heatmap_values(file, heatmaps));
  PENFIELD_TRY_VOID(file.finish());
  return file;
}

Result<void> check_rows(const std::string& path, std::uint64_t n_rows, std::uint64_t n_expected) {
  if (n_rows == n_expected) return {};
  return bad_input(
      "{}: has {} rows, but run.json says {}; the two are not of one run, or the file is incomplete", path,
      n_rows, n_expected);
}

// The bytes of run.json, of a result that is whole.
Result<std::string> read_run_bytes(const std::string& folder) {
  const std::string path = path_in(folder, kRun);
  if (is_half_replaced(folder, kSet)) {
    return bad_input(
        "{}: its result is being replaced, or was when that run was killed; the next `penfield scan` into it "
        "puts the earlier result back first",
        folder);
  }
  if (!exists(path) && UnfinishedRun(folder).exists()) {
    return bad_input("{}: holds an unfinished scan and no result yet; give its command again to finish it",
                     folder);
  }
  if (!exists(path)) return bad_input("{}: has no run.json, so it is not a result of penfield scan", folder);
  PENFIELD_TRY(const MappedFile file, MappedFile::open(path));
  return std::string(file.text());
}

Result<RunDocument> read_document(const std::string& folder) {
  PENFIELD_TRY(const std::string bytes, read_run_bytes(folder));
  return parse_run_document(bytes, path_in(folder, kRun));
}

// A file that belongs to a result: that it is missing is a fault of the folder.
Result<MappedFile> open_table(const std::string& path) {
  if (!exists(path)) return bad_input("{}: is missing from the result", path);
  return MappedFile::open(path);
}

Result<std::vector<findings::Finding>> read_units_of(const std::string& folder, const ResultTables& tables) {
  const std::string path = path_in(folder, kUnits);
  PENFIELD_TRY(const MappedFile file, open_table(path));
  PENFIELD_TRY(std::vector<findings::Finding> units, parse_units(file.text(), path, UnitColumns::kScan));
  PENFIELD_TRY_VOID(check_rows(path, units.size(), tables.n_units));
  return units;
}

Result<Heatmaps> read_heatmaps_of(const std::string& folder, const ResultTables& tables) {
  Heatmaps heatmaps;
  heatmaps.units = tables.heatmap_units;
  const std::string path = path_in(folder, kWindows);
  PENFIELD_TRY(const MappedFile file, open_table(path));
  PENFIELD_TRY(heatmaps.tokens, parse_windows(file.text(), path));
  PENFIELD_TRY_VOID(check_rows(path, heatmaps.tokens.size(), tables.n_tokens));
  const std::string values_path = path_in(folder, kHeatmaps);
  if (!exists(values_path)) return bad_input("{}: is missing from the result", values_path);
  PENFIELD_TRY(heatmaps.values,
               read_heatmap_values(values_path, heatmaps.units.size(), heatmaps.tokens.size()));
  return heatmaps;
}

// Each once, and of the table: readers look them up there.
Result<void> check_heatmap_units(const std::string& folder, std::vector<UnitId> units,
                                 const std::vector<findings::Finding>& table) {
  std::ranges::sort(units);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool is_twice = i > 0 && units[i] == units[i - 1];
    if (!is_twice && std::ranges::binary_search(table, units[i], {}, &findings::Finding::unit)) continue;
    return bad_input("{}: \"heatmap_units\" names {}{}", path_in(folder, kRun), to_string(units[i]),
                     is_twice ? " twice" : ", which is not in units.tsv");
  }
  return {};
}

Result<ResultData> read_tables(const std::string& folder, std::string_view run_bytes) {
  PENFIELD_TRY(RunDocument document, parse_run_document(run_bytes, path_in(folder, kRun)));
  ResultData data;
  PENFIELD_TRY(data.units, read_units_of(folder, document.tables));
  PENFIELD_TRY_VOID(check_heatmap_units(folder, document.tables.heatmap_units, data.units));
  PENFIELD_TRY(data.heatmaps, read_heatmaps_of(folder, document.tables));
  data.run = std::move(document.run);
  return data;
}

// Removes what is left of a run that was killed when its result was in its place, and what no run goes on
// with. What cannot be removed is left to the run that needs the place.
void clear_unfinished(const std::string& folder) {
  const UnfinishedRun unfinished(folder);
  const auto result = formats::sha256_file(path_in(folder, kRun));
  if (!unfinished.exists() || (result && unfinished.is_of_result(*result)))
    static_cast<void>(unfinished.remove());
}

}  // namespace

Result<ResultWriter> ResultWriter::open(const std::string& folder, bool overwrite,
                                        const formats::FileCalls& calls) {
  PENFIELD_TRY(FolderLock lock, FolderLock::take(folder));
  PENFIELD_TRY_VOID(recover(folder, kSet, calls));
  clear_unfinished(folder);
  if (!overwrite && exists(path_in(folder, kRun))) {
    return io_error("{}: holds results already{}; give --force to replace them, or choose another folder",
                    folder,
                    UnfinishedRun(folder).exists() ? ", and an unfinished scan that is to replace them" : "");
  }
  for (const std::string_view name : kFiles) {  // somebody else's
    if (overwrite || !exists(path_in(folder, name))) continue;
    return io_error(
        "{}: exists already and is not part of a result; give --force to replace it, or choose another folder",
        path_in(folder, name));
  }
  return ResultWriter(folder, std::move(lock), overwrite, calls);
}

ResultWriter ResultWriter::beside(const std::string& folder, const formats::FileCalls& calls) {
  return ResultWriter(folder, std::nullopt, false, calls);
}

Result<void> ResultWriter::write(const RunRecord& run, const std::vector<SampleRow>& samples,
                                 const std::vector<findings::Finding>& units, const Heatmaps& heatmaps) {
  PENFIELD_CHECK(lock_.has_value());
  const ResultTables tables = {.n_samples = samples.size(),
                               .n_units = units.size(),
                               .n_tokens = heatmaps.tokens.size(),
                               .heatmap_units = heatmaps.units};
  std::vector<AtomicFile> parts;  // in the order of kFiles
  const auto add = [&](std::string_view name, std::string_view bytes) -> Result<void> {
    PENFIELD_TRY(AtomicFile part, write_part(path_in(folder_, name), bytes, *calls_));
    parts.push_back(std::move(part));
    return {};
  };
  PENFIELD_TRY_VOID(add(kSamples, format_samples(samples)));
  PENFIELD_TRY_VOID(add(kUnits, format_units(units, UnitColumns::kScan, false)));
  PENFIELD_TRY_VOID(add(kWindows, format_windows(heatmaps.tokens)));
  PENFIELD_TRY(AtomicFile values, write_heatmap_part(path_in(folder_, kHeatmaps), heatmaps, *calls_));
  parts.push_back(std::move(values));
  const std::string document = format_run_document(run, tables);
  PENFIELD_TRY_VOID(add(kRun, document));
  const UnfinishedRun unfinished = unfinished_run();
  if (unfinished.exists()) PENFIELD_TRY_VOID(unfinished.name_result(formats::sha256_hex(document)));
  return replace_files(folder_, kSet, parts, *calls_);
}

Result<ResultData> read_result(const std::string& folder) {
  constexpr int kMostTries = 5;
  for (int i = 0; i < kMostTries; ++i) {
    PENFIELD_TRY(const std::string before, read_run_bytes(folder));
    Result<ResultData> data = read_tables(folder, before);
    PENFIELD_TRY(const std::string after, read_run_bytes(folder));
    if (before == after) return data;
  }
  return io_error(
      "{}: its result was replaced during every attempt to read it; try again when those scans have ended",
      folder);
}

Result<RunRecord> read_run(const std::string& folder) {
  PENFIELD_TRY(RunDocument document, read_document(folder));
  return std::move(document.run);
}

Result<std::vector<findings::Finding>> read_units(const std::string& folder) {
  PENFIELD_TRY(const RunDocument document, read_document(folder));
  return read_units_of(folder, document.tables);
}

Result<std::vector<SampleRow>> read_samples(const std::string& folder) {
  PENFIELD_TRY(const RunDocument document, read_document(folder));
  const std::string path = path_in(folder, kSamples);
  PENFIELD_TRY(const MappedFile file, open_table(path));
  PENFIELD_TRY(std::vector<SampleRow> samples, parse_samples(file.text(), path));
  PENFIELD_TRY_VOID(check_rows(path, samples.size(), document.tables.n_samples));
  return samples;
}

Result<Heatmaps> read_heatmaps(const std::string& folder) {
  PENFIELD_TRY(const RunDocument document, read_document(folder));
  return read_heatmaps_of(folder, document.tables);
}

}  // namespace penfield::store
