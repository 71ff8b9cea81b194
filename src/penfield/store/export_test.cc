#include "penfield/store/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "penfield/formats/npy_header.h"
#include "penfield/formats/scratch_folder_for_tests.h"
#include "penfield/formats/tsv.h"
#include "penfield/store/small_result_for_tests.h"

namespace penfield::store {
namespace {

using formats::ScratchFolder;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Export, KnowsItsFormats) {
  for (const char* name : {"tsv", "csv", "jsonl", "npy", "sqlite"})
    EXPECT_TRUE(parse_export_format(name)) << name;
  EXPECT_FALSE(parse_export_format("xlsx"));
  EXPECT_TRUE(is_text(ExportFormat::kCsv));
  EXPECT_FALSE(is_text(ExportFormat::kNpy));
}

TEST(Export, TsvIsTheTableAndCsvHasItsFields) {
  const auto units = make_units();
  const std::string tsv = format_export(units, ExportFormat::kTsv);
  EXPECT_EQ(tsv, format_units(units, UnitColumns::kScan, false));
  std::string csv = format_export(units, ExportFormat::kCsv);
  EXPECT_THAT(csv, StartsWith("unit,site,layer,neuron,status,"));
  EXPECT_EQ(csv.find('\t'), std::string::npos);
  std::replace(csv.begin(), csv.end(), ',', '\t');
  EXPECT_EQ(csv, tsv);
}

TEST(Export, JsonlHasAnObjectALine) {
  const auto units = make_units();
  std::istringstream lines(format_export(units, ExportFormat::kJsonl));
  std::size_t n = 0;
  for (std::string line; std::getline(lines, line); ++n) {
    const auto object = nlohmann::ordered_json::parse(line);
    EXPECT_EQ(object["neuron"], units[n].unit.index);
    EXPECT_EQ(object.begin().value(), to_string(units[n].unit));
    EXPECT_EQ(object["held_out_auc"].is_null(), !std::isfinite(units[n].held_out.auc));
  }
  EXPECT_EQ(n, units.size());
}

TEST(Export, NpyIsAStructuredArray) {
  const auto units = make_units();
  const std::string bytes = make_export({.units = units}, ExportFormat::kNpy).value();
  const std::size_t begin = (bytes.find('\n') + 1);
  EXPECT_EQ(begin % 64, 0u);
  EXPECT_THAT(
      bytes,
      HasSubstr(
          "{'descr': [('unit', '<U31'), ('site', '<U8'), ('layer', '<u4'), ('neuron', '<u4'), ('status', "
          "'<U15'), ('n_target', '<u8'), "));
  EXPECT_THAT(bytes,
              HasSubstr("('significant', '|b1'), ('direction', '|i1'), ('held_out_n_target', '<u8'), "));
  EXPECT_THAT(bytes, HasSubstr("('neglog10_p', '<f8'), "));
  EXPECT_THAT(bytes, HasSubstr("'<f8')], 'fortran_order': False, 'shape': (12,), }"));
  // 6 texts, 2 indices, 2 flags, 2 small integers; all others are counts and numbers.
  const std::size_t record_bytes = std::size_t{4} * (31 + 8 + 15 + 48 + 9 + 9) + std::size_t{2} * 4 + 2 + 2 +
                                   (unit_columns(UnitColumns::kScan).size() - 12) * 8;
  ASSERT_EQ(bytes.size(), begin + units.size() * record_bytes);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const char* record = bytes.data() + begin + i * record_bytes;
    EXPECT_EQ(record[0], 'L');
    std::uint32_t index = 0;
    std::memcpy(&index, record + (31 + 8 + 1) * std::ptrdiff_t{4}, sizeof index);
    EXPECT_EQ(index, units[i].unit.index);
    double last = 0;
    std::memcpy(&last, record + record_bytes - 8, sizeof last);
    const double want =
        with_value(unit_columns(UnitColumns::kScan).back(), units[i], [](const auto& value) -> double {
          if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(value)>>)
            return static_cast<double>(value);
          return 0;
        });
    EXPECT_TRUE(same(last, want));
  }
}

// One value of the database as text; "NULL" where it is null.
std::string query(sqlite3* database, const std::string& sql) {
  std::string out;
  const auto take = [](void* text, int n, char** values, char**) {
    for (int i = 0; i < n; ++i) *static_cast<std::string*>(text) += values[i] == nullptr ? "NULL" : values[i];
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql.c_str(), take, &out, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
  return out;
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return out;
}

TEST(Export, SqliteHasEveryTable) {
  const ScratchFolder folder;
  const auto units = make_units();
  const std::string path = folder.path("units.sqlite");
  const SmallResult result = make_result();
  const ExportedResult exported{units, result.samples, result.heatmaps.tokens, &result.run};
  ASSERT_TRUE(export_result(exported, ExportFormat::kSqlite, path));
  EXPECT_EQ(folder.n_files(), 1u);
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  EXPECT_EQ(query(database, "PRAGMA integrity_check"), "ok");
  EXPECT_EQ(query(database, "SELECT count(*) FROM units"), std::to_string(units.size()));
  for (const findings::Finding& unit : units) {
    const auto field = [&](std::string_view column) {
      return query(database, fmt::format(R"(SELECT "{}" FROM units WHERE unit='{}' AND neuron={})", column,
                                         to_string(unit.unit), unit.unit.index));
    };
    EXPECT_EQ(field("n_target"), std::to_string(unit.n_target));
    EXPECT_EQ(field("replicated"), unit.replicated ? "1" : "0");
    EXPECT_EQ(field("direction"), direction_word(unit.direction));
    if (std::isnan(unit.fit.beta)) {
      EXPECT_EQ(field("beta"), "NULL");
    }
  }
  for (const SampleRow& row : result.samples) {
    const std::string where = fmt::format(" FROM samples WHERE token_index={}", row.token_index);
    EXPECT_EQ(query(database, "SELECT \"group\"" + where), row.is_target ? "target" : "comparison");
    EXPECT_EQ(query(database, "SELECT hex(token)" + where), hex(row.token));
  }
  EXPECT_EQ(query(database, "SELECT count(*) FROM windows"), std::to_string(result.heatmaps.tokens.size()));
  EXPECT_EQ(query(database, "SELECT value FROM run WHERE name='schema_version'"), "2");
  EXPECT_EQ(query(database, "SELECT value FROM run WHERE name='seed'"), "18446744073709551615");
  EXPECT_EQ(query(database, "SELECT value ->> 'n_layer' FROM run WHERE name='model'"), "8");
  sqlite3_close(database);
}

TEST(Export, SqliteKeepsEveryBit) {
  auto units = make_units();
  units.resize(1);
  units[0].fit.beta = 0.1 + 0.2;
  const std::string bytes = make_export({.units = units}, ExportFormat::kSqlite).value();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &database), SQLITE_OK);
  std::string copy = bytes;
  ASSERT_EQ(sqlite3_deserialize(database, "main", reinterpret_cast<unsigned char*>(copy.data()),
                                static_cast<sqlite3_int64>(copy.size()),
                                static_cast<sqlite3_int64>(copy.size()), SQLITE_DESERIALIZE_READONLY),
            SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(database, "SELECT beta FROM units", -1, &statement, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_double(statement, 0), 0.1 + 0.2);
  sqlite3_finalize(statement);
  sqlite3_close(database);
}

TEST(Export, IsWrittenWhole) {
  const ScratchFolder folder;
  const auto units = make_units();
  ASSERT_TRUE(export_result({.units = units}, ExportFormat::kNpy, folder.path("units.npy")));
  EXPECT_EQ(folder.read("units.npy"), make_export({.units = units}, ExportFormat::kNpy).value());
  const auto failed = export_result({.units = units}, ExportFormat::kNpy, folder.path("none/units.npy"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::kIo);
  EXPECT_TRUE(make_export(ExportedResult{}, ExportFormat::kNpy));
  EXPECT_TRUE(make_export(ExportedResult{}, ExportFormat::kSqlite));
}

}  // namespace
}  // namespace penfield::store
