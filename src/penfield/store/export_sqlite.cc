// The database is made in memory and handed on as bytes, so that it is written like every other file: beside
// its place, synced, renamed. 98,304 units take about 45 MB.
#include "penfield/store/export_sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>
#include <vector>

#include "penfield/formats/json.h"
#include "penfield/store/run_json.h"
#include "penfield/store/unit_columns.h"
#include "penfield/store/words.h"

namespace penfield::store {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
struct FreeBytes {
  void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

tl::unexpected<Error> failed(sqlite3* database) {
  return io_error("the SQLite database cannot be created: {}", sqlite3_errmsg(database));
}

Result<void> execute(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failed(database);
  return {};
}

struct ColumnType {
  const char* operator()(const UnitId&) const { return "TEXT PRIMARY KEY NOT NULL"; }
  const char* operator()(Site) const { return "TEXT NOT NULL"; }
  const char* operator()(association::FitStatus) const { return "TEXT NOT NULL"; }
  const char* operator()(association::FitNote) const { return "TEXT"; }
  const char* operator()(OptionalWord auto) const { return "TEXT"; }
  const char* operator()(findings::Answer) const { return "INTEGER"; }
  const char* operator()(std::uint32_t) const { return "INTEGER NOT NULL"; }
  const char* operator()(std::uint64_t) const { return "INTEGER NOT NULL"; }
  const char* operator()(bool) const { return "INTEGER NOT NULL"; }
  const char* operator()(int) const { return "TEXT NOT NULL"; }
  const char* operator()(double) const { return "REAL"; }
};

// Binds the values of a row to the places of a statement, from the left.
struct Binder {
  sqlite3_stmt* statement = nullptr;
  int place = 0;
  int operator()(const UnitId& unit) { return copy(to_string(unit)); }
  int operator()(Site site) { return text(site_name(site)); }
  int operator()(association::FitStatus status) { return text(word_of(status)); }
  int operator()(association::FitNote note) {
    return note == association::FitNote::kNone ? nothing() : copy(note_text(note));
  }
  int operator()(OptionalWord auto word) {
    return word == decltype(word){} ? nothing() : text(word_of(word));
  }
  int operator()(findings::Answer answer) {
    return answer == findings::Answer::kNotKnown ? nothing() : (*this)(answer == findings::Answer::kYes);
  }
  int operator()(int direction) { return text(direction_word(direction)); }
  int operator()(std::uint32_t value) { return sqlite3_bind_int64(statement, ++place, value); }
  int operator()(std::uint64_t value) {
    return sqlite3_bind_int64(statement, ++place, static_cast<sqlite3_int64>(value));
  }
  int operator()(bool value) { return sqlite3_bind_int(statement, ++place, value ? 1 : 0); }
  int operator()(double value) { return sqlite3_bind_double(statement, ++place, value); }  // NaN becomes NULL
  // The words live as long as the program.
  int text(std::string_view word) {
    return sqlite3_bind_text(statement, ++place, word.data(), static_cast<int>(word.size()), SQLITE_STATIC);
  }
  int copy(std::string_view word) {
    return sqlite3_bind_text(statement, ++place, word.data(), static_cast<int>(word.size()),
                             SQLITE_TRANSIENT);
  }
  int nothing() { return sqlite3_bind_null(statement, ++place); }
};

std::string units_sql() {
  const findings::Finding any;
  std::string columns;
  for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) {
    columns += fmt::format("{}\"{}\" {}", columns.empty() ? "" : ", ", column.name,
                           with_value(column, any, ColumnType{}));
  }
  return columns;
}

constexpr std::string_view kPositionSql =
    "split TEXT NOT NULL, document INTEGER NOT NULL, window INTEGER NOT NULL, position INTEGER NOT NULL, "
    "token_id INTEGER NOT NULL, token TEXT NOT NULL, ";

template <class Row>
bool bind_position(Binder& bind, const Row& row) {
  return bind.text(word_of(row.split)) == SQLITE_OK && bind(row.document) == SQLITE_OK &&
         bind(row.window) == SQLITE_OK && bind(row.position) == SQLITE_OK &&
         bind(row.token_id) == SQLITE_OK && bind.copy(row.token) == SQLITE_OK;
}

bool bind_row(Binder& bind, const findings::Finding& unit) {
  return std::ranges::all_of(unit_columns(UnitColumns::kScan), [&](const UnitColumn& column) {
    return with_value(column, unit, bind) == SQLITE_OK;
  });
}

bool bind_row(Binder& bind, const SampleRow& row) {
  return bind_position(bind, row) && bind.text(row.is_target ? "target" : "comparison") == SQLITE_OK &&
         bind(row.token_index) == SQLITE_OK;
}

bool bind_row(Binder& bind, const WindowToken& row) {
  return bind_position(bind, row) && bind(row.is_target) == SQLITE_OK && bind(row.is_sampled) == SQLITE_OK;
}

// A member of run.json: its name and its value.
bool bind_row(Binder& bind, const std::pair<std::string, nlohmann::ordered_json>& member) {
  const nlohmann::ordered_json& value = member.second;
  if (bind.copy(member.first) != SQLITE_OK) return false;
  if (value.is_null()) return bind.nothing() == SQLITE_OK;
  if (value.is_number_float()) return bind(value.get<double>()) == SQLITE_OK;
  // A seed may be larger than SQLite's integers.
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<sqlite3_int64>::max());
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= kLargest)
    return bind(value.get<std::uint64_t>()) == SQLITE_OK;
  return bind.copy(value.is_string() ? value.get<std::string>() : value.dump()) == SQLITE_OK;
}

// Creates the table and fills it.
template <class Row>
Result<void> add_table(sqlite3* database, std::string_view name, std::string_view columns,
                       std::span<const Row> rows) {
  PENFIELD_TRY_VOID(execute(database, fmt::format("CREATE TABLE {} ({})", name, columns)));
  sqlite3_stmt* prepared = nullptr;
  std::string places(1, '?');
  for (auto n = std::ranges::count(columns, ','); n > 0; --n) places += ", ?";
  const std::string sql = fmt::format("INSERT INTO {} VALUES ({})", name, places);
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) return failed(database);
  const Statement statement(prepared);
  for (const Row& row : rows) {
    Binder bind{prepared};
    if (!bind_row(bind, row) || sqlite3_step(prepared) != SQLITE_DONE) return failed(database);
    sqlite3_reset(prepared);
  }
  return {};
}

Result<void> add_tables(sqlite3* database, const ExportedResult& result) {
  PENFIELD_TRY_VOID(execute(database, "BEGIN"));
  PENFIELD_TRY_VOID(add_table(database, "units", units_sql(), result.units));
  PENFIELD_TRY_VOID(add_table(
      database, "samples",
      fmt::format("{}\"group\" TEXT NOT NULL, token_index INTEGER NOT NULL", kPositionSql), result.samples));
  PENFIELD_TRY_VOID(add_table(database, "windows",
                              fmt::format("{}label INTEGER NOT NULL, sampled INTEGER NOT NULL", kPositionSql),
                              result.windows));
  if (result.run != nullptr) {
    std::vector<std::pair<std::string, nlohmann::ordered_json>> members;
    PENFIELD_TRY(const nlohmann::ordered_json run,
                 formats::parse_ordered_json(format_run_json(*result.run), "run.json"));
    for (const auto& [name, value] : run.items()) members.emplace_back(name, value);
    using Members = std::span<const std::pair<std::string, nlohmann::ordered_json>>;
    PENFIELD_TRY_VOID(add_table(database, "run", "name TEXT PRIMARY KEY NOT NULL, value", Members(members)));
  }
  return execute(database, "COMMIT");
}

}  // namespace

Result<std::string> make_sqlite(const ExportedResult& result) {
  sqlite3* opened = nullptr;
  const int status = sqlite3_open(":memory:", &opened);
  const Database database(opened);  // to be closed also where opening failed
  if (status != SQLITE_OK) return failed(opened);
  PENFIELD_TRY_VOID(add_tables(opened, result));
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeBytes> bytes(sqlite3_serialize(opened, "main", &size, 0));
  if (bytes == nullptr) return io_error("the SQLite database cannot be created: no memory left");
  return std::string(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
}

}  // namespace penfield::store
