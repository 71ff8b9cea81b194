#include "penfield/store/units_table.h"

#include <algorithm>
#include <utility>

#include "penfield/base/check.h"
#include "penfield/base/parallel.h"
#include "penfield/formats/message_text.h"
#include "penfield/formats/tsv.h"
#include "penfield/store/run_json.h"
#include "penfield/store/unit_columns.h"
#include "penfield/store/unit_json.h"
#include "penfield/store/words.h"

namespace penfield::store {
namespace {

using formats::TsvReader;
using formats::TsvWriter;

// Rows of one task of formatting.
constexpr std::size_t kRowsOfTask = 1024;

struct CellWriter {
  TsvWriter& row;
  void operator()(const UnitId& unit) const { row.text(to_string(unit)); }
  void operator()(Site site) const { row.text(site_name(site)); }
  void operator()(association::FitStatus status) const { row.text(word_of(status)); }
  void operator()(association::FitNote note) const { row.text(note_text(note)); }
  void operator()(findings::Answer answer) const { row.text(word_of(answer)); }
  void operator()(OptionalWord auto word) const { row.text(word_of(word)); }
  void operator()(std::uint32_t value) const { row.number(value); }
  void operator()(std::uint64_t value) const { row.number(value); }
  void operator()(double value) const { row.number(value); }
  void operator()(bool value) const { row.flag(value); }
  void operator()(int direction) const { row.text(direction_word(direction)); }
};

// Reads the row's next field into the value it is called with.
struct CellReader {
  TsvReader& row;
  std::string_view& name;

  // The name comes first; the columns behind it say the same.
  Result<void> operator()(UnitId&) const {
    name = row.field();
    return {};
  }
  Result<void> operator()(Site& site) const {
    const auto value = parse_site(row.field());
    if (!value) return row.refuse("is not a site");
    site = *value;
    return {};
  }
  Result<void> operator()(association::FitStatus& status) const {
    const auto value = parse_word<association::FitStatus>(row.field());
    if (!value) return row.refuse("is not a status");
    status = *value;
    return {};
  }
  Result<void> operator()(association::FitNote& note) const {
    const auto value = association::parse_notes(row.field());
    if (!value) return row.refuse("is not a list of notes");
    note = *value;
    return {};
  }
  template <class Enum>
  requires(OptionalWord<Enum> || std::same_as<Enum, findings::Answer>) Result<void>
  operator()(Enum& word) const {
    const auto value = parse_word<Enum>(row.field());
    if (!value) return row.refuse("is not a value of this column");
    word = *value;
    return {};
  }
  Result<void> operator()(int& direction) const {
    const std::string_view word = row.field();
    for (const int value : {-1, 0, 1}) {
      if (word != direction_word(value)) continue;
      direction = value;
      return {};
    }
    return row.refuse("is not +, - or 0");
  }
  Result<void> operator()(std::uint32_t& value) const { return take(value, row.unsigned32()); }
  Result<void> operator()(std::uint64_t& value) const { return take(value, row.unsigned_number()); }
  Result<void> operator()(double& value) const { return take(value, row.number()); }
  Result<void> operator()(bool& value) const { return take(value, row.flag()); }

 private:
  template <class T>
  static Result<void> take(T& value, const Result<T>& read) {
    if (!read) return tl::unexpected<Error>(read.error());
    value = *read;
    return {};
  }
};

std::string format_json(std::span<const findings::Finding> units, UnitColumns columns) {
  std::string out = "{\"schema_version\":" + std::to_string(kSchemaVersion) + ",\"units\":[";
  const char* before = "\n ";
  for (const findings::Finding& unit : units) {
    out += std::exchange(before, ",\n ");
    append_unit_json(out, unit, columns);
  }
  return out + "\n]}\n";
}

}  // namespace

std::string units_header(UnitColumns columns) {
  std::string out;
  for (const UnitColumn& column : unit_columns(columns)) {
    if (!out.empty()) out += '\t';
    out += column.name;
  }
  return out;
}

void append_unit_row(std::string& out, const findings::Finding& unit, UnitColumns columns) {
  TsvWriter row(out);
  for (const UnitColumn& column : unit_columns(columns)) with_value(column, unit, CellWriter{row});
  row.end_row();
}

std::string format_units(std::span<const findings::Finding> units, UnitColumns columns, bool json) {
  if (json) return format_json(units, columns);
  // Shortest decimals take 0.1 µs each, five million of them for GPT-2 Medium: on all threads.
  std::vector<std::string> parts((units.size() + kRowsOfTask - 1) / kRowsOfTask);
  parallel_for(parts.size(), [&](std::size_t part, int) {
    const std::size_t first = part * kRowsOfTask;
    for (const findings::Finding& unit : units.subspan(first, std::min(kRowsOfTask, units.size() - first))) {
      append_unit_row(parts[part], unit, columns);
    }
  });
  std::string out = units_header(columns) + '\n';
  std::size_t n_bytes = out.size();
  for (const std::string& part : parts) n_bytes += part.size();
  out.reserve(n_bytes);
  for (const std::string& part : parts) out += part;
  return out;
}

Result<std::vector<findings::Finding>> parse_units(std::string_view bytes, std::string_view name,
                                                   UnitColumns columns) {
  TsvReader reader(bytes, name);
  PENFIELD_TRY_VOID(reader.header(units_header(columns)));
  std::vector<findings::Finding> units;
  for (;;) {
    PENFIELD_TRY(const bool has_row, reader.next_row());
    if (!has_row) return units;
    findings::Finding unit;
    std::string_view unit_name;
    for (const UnitColumn& column : unit_columns(columns)) {
      PENFIELD_TRY_VOID(with_value(column, unit, CellReader{reader, unit_name}));
    }
    if (unit_name != to_string(unit.unit)) {
      return bad_input("{}:{}: the row of {} is named '{}'", name, reader.line(), to_string(unit.unit),
                       formats::message_text(unit_name));
    }
    if (!units.empty() && !(units.back().unit < unit.unit)) {
      return bad_input("{}:{}: {} may not follow {}; rows are in the order site, layer, neuron", name,
                       reader.line(), to_string(unit.unit), to_string(units.back().unit));
    }
    units.push_back(unit);
  }
}

}  // namespace penfield::store
