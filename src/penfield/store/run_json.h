// run.json: how a result was made, and a summary of it.
//
// schema_version 2; keys in a fixed order; null for no value. A later Penfield may add keys without a new
// schema version, so unknown keys are ignored; a missing key or one of the wrong type is an error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/store/run_record.h"

namespace penfield::store {

inline constexpr int kSchemaVersion = 2;

// What the other files must hold, so that a table truncated at the end of a line is detected.
struct ResultTables {
  std::uint64_t n_samples = 0;        // rows of samples.tsv
  std::uint64_t n_units = 0;          // rows of units.tsv
  std::uint64_t n_tokens = 0;         // rows of windows.tsv, columns of heatmaps.npy
  std::vector<UnitId> heatmap_units;  // rows of heatmaps.npy
};

struct RunDocument {
  RunRecord run;
  ResultTables tables;
};

// Only the record, as `scan --format json` prints it.
[[nodiscard]] std::string format_run_json(const RunRecord& run);
// The whole file.
[[nodiscard]] std::string format_run_document(const RunRecord& run, const ResultTables& tables);
// kBadInput names `name` and the field.
[[nodiscard]] Result<RunDocument> parse_run_document(std::string_view bytes, std::string_view name);

}  // namespace penfield::store
