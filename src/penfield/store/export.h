// A result folder for other tools. All formats have the columns of units.tsv, in its order; SQLite has all
// tables.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/store/run_record.h"

namespace penfield::store {

enum class ExportFormat : std::uint8_t {
  kTsv,    // units.tsv itself
  kCsv,    // the same with commas
  kJsonl,  // one object a line; no value: null
  // A structured array: numpy.load(f)['beta']. Texts <U15, <U8, …; layer and neuron <u4; counts <u8; numbers
  // <f8 (no value: NaN); significant and replicated |b1; direction |i1: -1, 0, 1.
  kNpy,
  // Tables `units` (primary key unit), `samples`, `windows` with the columns of the files, and `run`, one row
  // (name, value) a member of run.json, objects and arrays as JSON; no value: NULL; direction as text.
  kSqlite,
};

// "tsv", "csv", …, "sqlite".
[[nodiscard]] std::optional<ExportFormat> parse_export_format(std::string_view name);
[[nodiscard]] bool is_text(ExportFormat format);

// What the formats hold; all but SQLite only the units.
struct ExportedResult {
  std::span<const findings::Finding> units = {};
  std::span<const SampleRow> samples = {};
  std::span<const WindowToken> windows = {};
  const RunRecord* run = nullptr;  // none: no table `run`
};

// The whole file. kIo: SQLite ran out of memory.
[[nodiscard]] Result<std::string> make_export(const ExportedResult& result, ExportFormat format);
// As make_export, for the text formats, which cannot fail.
[[nodiscard]] std::string format_export(std::span<const findings::Finding> units, ExportFormat format);
// Writes the file atomically (formats::AtomicFile). kIo.
[[nodiscard]] Result<void> export_result(const ExportedResult& result, ExportFormat format,
                                         const std::string& path);

}  // namespace penfield::store
