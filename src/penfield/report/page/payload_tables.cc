#include "penfield/report/page/payload_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <string_view>

#include "penfield/report/words/lookup.h"
#include "penfield/store/unit_columns.h"

namespace penfield::report {
namespace {

using Rows = std::vector<const findings::Finding*>;

// The digits of a column for all units of a large model; other columns come for the strongest units alone.
struct ShortColumn {
  std::string_view name;
  ColumnType type;
  int digits;
};
constexpr std::array kShortColumns = {
    ShortColumn{"neglog10_p", ColumnType::kFixed, 3},
    ShortColumn{"beta_sd", ColumnType::kFixed, 3},
    ShortColumn{"auc", ColumnType::kFixed, 3},
    ShortColumn{"auc_lo", ColumnType::kFixed, 3},
    ShortColumn{"auc_hi", ColumnType::kFixed, 3},
    ShortColumn{"held_out_auc", ColumnType::kFixed, 3},
    ShortColumn{"held_out_auc_lo", ColumnType::kFixed, 3},
    ShortColumn{"held_out_auc_hi", ColumnType::kFixed, 3},
    ShortColumn{"auc_matched", ColumnType::kFixed, 3},
    ShortColumn{"auc_near_miss", ColumnType::kFixed, 3},
    ShortColumn{"cohen_d", ColumnType::kFixed, 2},
    ShortColumn{"held_out_neglog10_p", ColumnType::kFixed, 2},
    ShortColumn{"neglog10_p_adj", ColumnType::kFixed, 2},
    ShortColumn{"beta", ColumnType::kDecimal, 4},
    ShortColumn{"held_out_beta", ColumnType::kDecimal, 4},
    ShortColumn{"se", ColumnType::kDecimal, 3},
    ShortColumn{"sd", ColumnType::kDecimal, 3},
    ShortColumn{"mean_target", ColumnType::kDecimal, 3},
    ShortColumn{"mean_comparison", ColumnType::kDecimal, 3},
};

// What the page cannot do without, even where no unit has a value.
constexpr std::array<std::string_view, 3> kNeeded = {"neglog10_p", "beta_sd", "auc"};

enum class Kind : std::uint8_t {
  kName,  // says which unit it is; the groups of the page name the units
  kByte,
  kNote,  // a byte, left out where no unit has a note
  kCount,
  kNumber,
};

struct KindOf {
  Kind operator()(const UnitId&) const { return Kind::kName; }
  Kind operator()(Site) const { return Kind::kName; }
  Kind operator()(std::uint32_t) const { return Kind::kName; }  // layer, neuron
  Kind operator()(association::FitStatus) const { return Kind::kByte; }
  Kind operator()(association::FitNote) const { return Kind::kNote; }
  Kind operator()(store::OptionalWord auto) const { return Kind::kByte; }
  Kind operator()(findings::Answer) const { return Kind::kByte; }
  Kind operator()(bool) const { return Kind::kByte; }
  Kind operator()(int) const { return Kind::kByte; }
  Kind operator()(std::uint64_t) const { return Kind::kCount; }
  Kind operator()(double) const { return Kind::kNumber; }
};

struct NumberOf {
  double operator()(association::FitStatus status) const { return static_cast<double>(status); }
  double operator()(association::FitNote note) const { return static_cast<double>(note); }
  double operator()(int direction) const { return direction > 0 ? 1 : direction < 0 ? 2 : 0; }
  double operator()(Site site) const { return static_cast<double>(site); }
  double operator()(const UnitId& unit) const { return unit.index; }
  double operator()(auto value) const { return static_cast<double>(value); }
};

Kind kind_of(const store::UnitColumn& column) {
  const findings::Finding any;
  return store::with_value(column, any, KindOf{});
}

std::vector<double> values_of(const store::UnitColumn& column, const Rows& rows) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const findings::Finding* row : rows) out.push_back(store::with_value(column, *row, NumberOf{}));
  return out;
}

enum class Detail : std::uint8_t { kShort, kFull };

Detail detail_of(const ReportData& data) {
  return data.units.size() <= kMaxFullUnits ? Detail::kFull : Detail::kShort;
}

// Nothing where this detail leaves the column out, or where it holds nothing.
std::optional<PayloadColumn> number_column(std::string_view name, std::span<const double> values,
                                           Detail detail) {
  const bool is_empty = std::ranges::all_of(values, [](double value) { return std::isnan(value); });
  if (is_empty && std::ranges::find(kNeeded, name) == kNeeded.end()) return std::nullopt;
  if (detail == Detail::kFull) return double_column(name, values);
  const auto* const brief = std::ranges::find(kShortColumns, name, &ShortColumn::name);
  if (brief == kShortColumns.end()) return std::nullopt;
  return brief->type == ColumnType::kFixed ? fixed_column(name, values, brief->digits)
                                           : decimal_column(name, values, brief->digits);
}

std::optional<PayloadColumn> column_of(const store::UnitColumn& column, const Rows& rows, Detail detail) {
  const Kind kind = kind_of(column);
  if (kind == Kind::kName) return std::nullopt;
  const std::vector<double> values = values_of(column, rows);
  if (kind == Kind::kNote && std::ranges::all_of(values, [](double code) { return code == 0; }))
    return std::nullopt;
  if (kind == Kind::kByte || kind == Kind::kNote) return byte_column(column.name, values);
  if (kind == Kind::kCount) return count_column(column.name, values);
  return number_column(column.name, values, detail);
}

}  // namespace

std::string PayloadTable::bytes() const {
  std::string out;
  for (const PayloadColumn& column : columns) out += column.bytes;
  return out;
}

PayloadTable units_table(const ReportData& data) {
  Rows rows;
  for (const findings::Finding& unit : data.units) rows.push_back(&unit);
  PayloadTable out{.block = "units", .n_rows = rows.size()};
  for (const store::UnitColumn& column : store::unit_columns(store::UnitColumns::kScan)) {
    if (auto made = column_of(column, rows, detail_of(data))) out.columns.push_back(*std::move(made));
  }
  return out;
}

ExactUnits exact_table(const ReportData& data) {
  ExactUnits out;
  out.table.block = "exact";
  if (detail_of(data) == Detail::kFull) return out;
  std::set<UnitId> seen;
  Rows rows;
  const auto add = [&](const findings::Finding* unit) {
    if (unit != nullptr && seen.insert(unit->unit).second) rows.push_back(unit);
  };
  for (const UnitId& unit : data.heatmaps.units) add(find_unit(data, unit));
  for (const findings::Finding* unit : top_units(data, kExactUnits)) add(unit);
  for (const findings::Finding* row : rows) out.units.push_back(row->unit);
  out.table.n_rows = rows.size();
  for (const store::UnitColumn& column : store::unit_columns(store::UnitColumns::kScan)) {
    auto made = column_of(column, rows, Detail::kFull);
    if (made && made->type != ColumnType::kU8) out.table.columns.push_back(*std::move(made));
  }
  return out;
}

PayloadTable heatmaps_table(const store::Heatmaps& heatmaps) {
  const std::vector<double> values(heatmaps.values.begin(), heatmaps.values.end());
  PayloadTable out{.block = "heatmaps", .n_rows = values.size()};
  out.columns.push_back(decimal_column("values", values, kMaxDecimalDigits));
  return out;
}

}  // namespace penfield::report
