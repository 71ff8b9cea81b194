// The database is made in memory and handed on as bytes, so that it is written like every other file: beside
// its place, synced, renamed. 98,304 units take about 45 MB.
#include "penfield/store/export_sqlite.h"

#include <sqlite3.h>

#include <memory>

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
  return io_error("the SQLite database cannot be made: {}", sqlite3_errmsg(database));
}

Result<void> execute(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failed(database);
  return {};
}

struct ColumnType {
  const char* operator()(Site) const { return "TEXT NOT NULL"; }
  const char* operator()(association::FitStatus) const { return "TEXT NOT NULL"; }
  const char* operator()(association::FitNote) const { return "TEXT"; }
  const char* operator()(std::uint32_t) const { return "INTEGER NOT NULL"; }
  const char* operator()(std::uint64_t) const { return "INTEGER NOT NULL"; }
  const char* operator()(bool) const { return "INTEGER NOT NULL"; }
  const char* operator()(int) const { return "TEXT NOT NULL"; }
  const char* operator()(double) const { return "REAL"; }
};

struct Binder {
  sqlite3_stmt* statement;
  int place;  // from 1
  int operator()(Site site) const { return text(site_name(site)); }
  int operator()(association::FitStatus status) const { return text(word_of(status)); }
  int operator()(association::FitNote note) const {
    return note == association::FitNote::kNone ? sqlite3_bind_null(statement, place) : text(word_of(note));
  }
  int operator()(int direction) const { return text(direction_word(direction)); }
  int operator()(std::uint32_t value) const { return sqlite3_bind_int64(statement, place, value); }
  int operator()(std::uint64_t value) const {
    return sqlite3_bind_int64(statement, place, static_cast<sqlite3_int64>(value));
  }
  int operator()(bool value) const { return sqlite3_bind_int(statement, place, value ? 1 : 0); }
  int operator()(double value) const {
    return sqlite3_bind_double(statement, place, value);
  }  // NaN becomes NULL

 private:
  // The words live as long as the program.
  [[nodiscard]] int text(std::string_view word) const {
    return sqlite3_bind_text(statement, place, word.data(), static_cast<int>(word.size()), SQLITE_STATIC);
  }
};

// Names are quoted: `index` is a word of SQL.
std::string create_sql() {
  const findings::Finding any;
  std::string sql = "CREATE TABLE units (";
  for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) {
    sql += fmt::format("\"{}\" {}, ", column.name, with_value(column, any, ColumnType{}));
  }
  return sql + R"(PRIMARY KEY ("site", "layer", "index")) WITHOUT ROWID)";
}

std::string insert_sql() {
  std::string sql = "INSERT INTO units VALUES (";
  for (std::size_t i = 0; i < unit_columns(UnitColumns::kScan).size(); ++i) sql += i == 0 ? "?" : ", ?";
  return sql + ")";
}

Result<void> insert(sqlite3* database, std::span<const findings::Finding> units) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(database, insert_sql().c_str(), -1, &prepared, nullptr) != SQLITE_OK)
    return failed(database);
  const Statement statement(prepared);
  for (const findings::Finding& unit : units) {
    int place = 0;
    for (const UnitColumn& column : unit_columns(UnitColumns::kScan)) {
      if (with_value(column, unit, Binder{prepared, ++place}) != SQLITE_OK) return failed(database);
    }
    if (sqlite3_step(prepared) != SQLITE_DONE) return failed(database);
    sqlite3_reset(prepared);
  }
  return {};
}

}  // namespace

Result<std::string> make_sqlite(std::span<const findings::Finding> units) {
  sqlite3* opened = nullptr;
  const int status = sqlite3_open(":memory:", &opened);
  const Database database(opened);  // to be closed also where opening failed
  if (status != SQLITE_OK) return failed(opened);
  PENFIELD_TRY_VOID(execute(opened, create_sql()));
  PENFIELD_TRY_VOID(execute(opened, "BEGIN"));
  PENFIELD_TRY_VOID(insert(opened, units));
  PENFIELD_TRY_VOID(execute(opened, "COMMIT"));
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, FreeBytes> bytes(sqlite3_serialize(opened, "main", &size, 0));
  if (bytes == nullptr) return io_error("the SQLite database cannot be made: no memory left");
  return std::string(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
}

}  // namespace penfield::store
