// The units of a result folder for other tools. All formats have the columns of units.tsv, in its order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"

namespace penfield::store {

enum class ExportFormat : std::uint8_t {
  kTsv,     // units.tsv itself
  kCsv,     // the same with commas; no field needs quotes; no value: NA
  kJsonl,   // one object a line; no value: null
  kNpy,     // a structured array: numpy.load(f)['beta']. Texts <U8, <U15; layer and index <u4; counts <u8;
            // numbers <f8 (no value: NaN); significant and replicated |b1; direction |i1: -1, 0, 1
  kSqlite,  // table `units`, primary key (site, layer, "index"); no value: NULL; direction as text
};

[[nodiscard]] std::optional<ExportFormat> parse_export_format(
    std::string_view name);  // "tsv", "csv", …, "sqlite"
[[nodiscard]] bool is_text(ExportFormat format);

// The whole file. kIo: SQLite ran out of memory.
[[nodiscard]] Result<std::string> make_export(std::span<const findings::Finding> units, ExportFormat format);
// As make_export, for the text formats, which cannot fail.
[[nodiscard]] std::string format_export(std::span<const findings::Finding> units, ExportFormat format);
// Writes the file atomically (formats::AtomicFile). kIo.
[[nodiscard]] Result<void> export_units(std::span<const findings::Finding> units, ExportFormat format,
                                        const std::string& path);

}  // namespace penfield::store
