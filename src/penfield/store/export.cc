#include "penfield/store/export.h"

#include <algorithm>
#include <array>

#include "penfield/base/check.h"
#include "penfield/formats/atomic_file.h"
#include "penfield/formats/npy_header.h"
#include "penfield/store/export_sqlite.h"
#include "penfield/store/unit_columns.h"
#include "penfield/store/unit_json.h"
#include "penfield/store/units_table.h"
#include "penfield/store/words.h"

namespace penfield::store {
namespace {

constexpr std::array<std::pair<std::string_view, ExportFormat>, 5> kFormats = {
    {{"tsv", ExportFormat::kTsv},
     {"csv", ExportFormat::kCsv},
     {"jsonl", ExportFormat::kJsonl},
     {"npy", ExportFormat::kNpy},
     {"sqlite", ExportFormat::kSqlite}}};

// No field of the table holds a tab or comma: names, sites, statuses, notes, directions and numbers.
std::string make_csv(std::span<const findings::Finding> units) {
  std::string out = format_units(units, UnitColumns::kScan, false);
  std::replace(out.begin(), out.end(), '\t', ',');
  return out;
}

std::string make_jsonl(std::span<const findings::Finding> units) {
  std::string out;
  for (const findings::Finding& unit : units) {
    append_unit_json(out, unit, UnitColumns::kScan);
    out += '\n';
  }
  return out;
}

constexpr std::size_t kNameLetters = 31;    // "L4294967295.mlp.post.4294967295"
constexpr std::size_t kSiteLetters = 8;     // "mlp.post"
constexpr std::size_t kStatusLetters = 15;  // "quasi_separated"
constexpr std::size_t kNoteLetters = 48;    // all of them, with semicolons
constexpr std::size_t kWordLetters = 9;     // "undecided"

struct NpyType {
  std::string operator()(const UnitId&) const { return fmt::format("<U{}", kNameLetters); }
  std::string operator()(Site) const { return fmt::format("<U{}", kSiteLetters); }
  std::string operator()(association::FitStatus) const { return fmt::format("<U{}", kStatusLetters); }
  std::string operator()(association::FitNote) const { return fmt::format("<U{}", kNoteLetters); }
  std::string operator()(OptionalWord auto) const { return fmt::format("<U{}", kWordLetters); }
  std::string operator()(findings::Answer) const { return "|i1"; }  // -1: no value
  std::string operator()(std::uint32_t) const { return "<u4"; }
  std::string operator()(std::uint64_t) const { return "<u8"; }
  std::string operator()(double) const { return "<f8"; }
  std::string operator()(bool) const { return "|b1"; }
  std::string operator()(int) const { return "|i1"; }
};

// The fields of a record follow each other without padding.
struct NpyValue {
  std::string& out;
  void operator()(const UnitId& unit) const { letters(to_string(unit), kNameLetters); }
  void operator()(Site site) const { letters(site_name(site), kSiteLetters); }
  void operator()(association::FitStatus status) const { letters(word_of(status), kStatusLetters); }
  void operator()(association::FitNote note) const { letters(note_text(note), kNoteLetters); }
  void operator()(OptionalWord auto word) const { letters(word_of(word), kWordLetters); }
  void operator()(findings::Answer answer) const {
    bytes(static_cast<signed char>(static_cast<int>(answer) - 1));
  }
  void operator()(std::uint32_t value) const { bytes(value); }
  void operator()(std::uint64_t value) const { bytes(value); }
  void operator()(double value) const { bytes(value); }
  void operator()(bool value) const { out += value ? '\1' : '\0'; }
  void operator()(int direction) const { bytes(static_cast<signed char>(direction)); }

 private:
  template <class T>
  void bytes(T value) const {
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  // UTF-32, filled up with zeros; the words are ASCII.
  void letters(std::string_view word, std::size_t n) const {
    PENFIELD_CHECK(word.size() <= n);
    for (std::size_t i = 0; i < n; ++i) {
      bytes(i < word.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(word[i]))
                            : std::uint32_t{0});
    }
  }
};

std::string make_npy(std::span<const findings::Finding> units) {
  const findings::Finding any;
  std::string descr = "[";
  for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) {
    descr += fmt::format("{}('{}', '{}')", descr.size() == 1 ? "" : ", ", column.name,
                         with_value(column, any, NpyType{}));
  }
  descr += ']';
  const std::array<std::uint64_t, 1> shape = {units.size()};
  std::string out = formats::npy_header(descr, shape);
  for (const findings::Finding& unit : units) {
    for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) with_value(column, unit, NpyValue{out});
  }
  return out;
}

}  // namespace

std::optional<ExportFormat> parse_export_format(std::string_view name) {
  const auto at =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& f) { return f.first == name; });
  if (at == kFormats.end()) return std::nullopt;
  return at->second;
}

bool is_text(ExportFormat format) {
  return format == ExportFormat::kTsv || format == ExportFormat::kCsv || format == ExportFormat::kJsonl;
}

std::string format_export(std::span<const findings::Finding> units, ExportFormat format) {
  PENFIELD_CHECK(is_text(format));
  if (format == ExportFormat::kTsv) return format_units(units, UnitColumns::kScan, false);
  return format == ExportFormat::kCsv ? make_csv(units) : make_jsonl(units);
}

Result<std::string> make_export(const ExportedResult& result, ExportFormat format) {
  if (is_text(format)) return format_export(result.units, format);
  return format == ExportFormat::kNpy ? make_npy(result.units) : make_sqlite(result);
}

Result<void> export_result(const ExportedResult& result, ExportFormat format, const std::string& path) {
  PENFIELD_TRY(const std::string bytes, make_export(result, format));
  return formats::write_file(path, bytes);
}

}  // namespace penfield::store
