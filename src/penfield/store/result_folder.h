// The result folder, versioned: replaced atomically, and read with every rule checked.
//   run.json  samples.tsv  units.tsv  windows.tsv  heatmaps.npy
// A folder holds a result if it holds run.json, which is moved into place last.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/formats/file_calls.h"
#include "penfield/store/folder_lock.h"
#include "penfield/store/run_record.h"
#include "penfield/store/unfinished_run.h"
#include "penfield/store/units_table.h"

namespace penfield::store {

// A run that writes into `folder`. Holds its lock from before the work begins until the result is written or
// the run is abandoned.
class ResultWriter {
 public:
  // Creates the folder if missing, and undoes what a killed run left half-done. kIo: the folder cannot be
  // written, another run holds it (named), it has a result and `overwrite` is false, or it has files of these
  // names that do not belong to a result.
  static Result<ResultWriter> open(const std::string& folder, bool overwrite,
                                   const formats::FileCalls& calls = formats::system_file_calls());
  // For a process that works on the result of another one's writer: takes no lock and writes no result.
  static ResultWriter beside(const std::string& folder,
                             const formats::FileCalls& calls = formats::system_file_calls());
  ResultWriter(ResultWriter&&) noexcept = default;
  ResultWriter& operator=(ResultWriter&&) noexcept = default;
  ~ResultWriter() = default;  // releases the lock; removes a folder that it created and left empty

  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] bool replaces() const { return replaces_; }  // `overwrite` was given
  [[nodiscard]] const formats::FileCalls& file_calls() const { return *calls_; }
  // What an earlier run left in the folder, or what this run leaves there for a later one.
  [[nodiscard]] UnfinishedRun unfinished_run() const { return UnfinishedRun(folder_, *calls_); }

  // All files, or none: after kIo the folder is as it was before. A report.html of the replaced result is
  // removed. heatmaps.values must have units × tokens values.
  Result<void> write(const RunRecord& run, const std::vector<SampleRow>& samples,
                     const std::vector<findings::Finding>& units, const Heatmaps& heatmaps);

 private:
  ResultWriter(std::string folder, std::optional<FolderLock> lock, bool replaces,
               const formats::FileCalls& calls)
      : folder_(std::move(folder)), lock_(std::move(lock)), replaces_(replaces), calls_(&calls) {}

  std::string folder_;
  std::optional<FolderLock> lock_;
  bool replaces_;
  const formats::FileCalls* calls_;
};

// kBadInput: not a result folder, another schema, or a file that breaks a rule (file and line named) or does
// not have the number of rows that run.json states. kIo: cannot be read.
struct ResultData {
  RunRecord run;
  std::vector<findings::Finding> units;
  Heatmaps heatmaps;
};
// All of one run, also where another process replaces the result meanwhile: run.json is read before and after
// the tables. kIo: it was replaced again and again.
[[nodiscard]] Result<ResultData> read_result(const std::string& folder);
[[nodiscard]] Result<RunRecord> read_run(const std::string& folder);
[[nodiscard]] Result<std::vector<findings::Finding>> read_units(const std::string& folder);
[[nodiscard]] Result<std::vector<SampleRow>> read_samples(const std::string& folder);
[[nodiscard]] Result<Heatmaps> read_heatmaps(const std::string& folder);

}  // namespace penfield::store
