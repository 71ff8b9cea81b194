// The result folder, versioned: written whole beside its place and renamed; read with every rule checked.
//   run.json  samples.tsv  units.tsv  windows.tsv  heatmaps.npy [n_units, n_tokens] float32  heatmap_units in run.json
#pragma once

#include <string>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/store/run_record.h"

namespace penfield::store {

// A run that writes into `folder`: holds its lock from before the work begins until it is written or given up.
class ResultWriter {
 public:
  // kIo: `folder` cannot be written, another run holds it (named), or it has results and `overwrite` is false.
  static Result<ResultWriter> open(const std::string& folder, bool overwrite);
  ResultWriter(ResultWriter&&) noexcept;
  ResultWriter& operator=(ResultWriter&&) noexcept;
  ~ResultWriter();  // gives the lock back; removes what is half-written

  Result<void> write(const RunRecord& run, const std::vector<SampleRow>& samples,
                     const std::vector<findings::Finding>& units, const Heatmaps& heatmaps);

 private:
  explicit ResultWriter(std::string folder, int lock_fd);
  std::string folder_;
  int lock_fd_ = -1;
};

// kBadInput: not a result folder, of a later schema, or a file of it breaks a rule (file and line named).
[[nodiscard]] Result<RunRecord> read_run(const std::string& folder);
[[nodiscard]] Result<std::vector<findings::Finding>> read_units(const std::string& folder);
[[nodiscard]] Result<Heatmaps> read_heatmaps(const std::string& folder);

// The header line and a row of units.tsv, as `export` and `associate` also write them.
enum class UnitColumns { kScan, kAssociate };

}  // namespace penfield::store
