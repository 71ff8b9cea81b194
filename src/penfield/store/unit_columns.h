// The columns of units.tsv: every format in which units are written or read (TSV, CSV, JSON, .npy, SQLite)
// uses this list.
//
// A column is a name and a pointer to the member that holds its value; the member's type determines how it is
// written.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "penfield/findings/finding.h"
#include "penfield/store/units_table.h"

namespace penfield::store {

// The column that names the unit; all that is in it is in site, layer and neuron too.
struct UnitName {};

using UnitMember = std::variant<
    UnitName, Site UnitId::*, std::uint32_t UnitId::*, association::FitStatus association::UnitFit::*,
    association::FitNote association::UnitFit::*, double association::UnitFit::*,
    std::uint64_t findings::Finding::*, double findings::Finding::*, bool findings::Finding::*,
    int findings::Finding::*, std::uint64_t findings::HeldOut::*, double findings::HeldOut::*,
    double association::Prediction::*, double findings::Ladder::*, findings::Answer findings::Finding::*,
    findings::Effect findings::Finding::*, findings::Specificity findings::Finding::*>;

struct UnitColumn {
  std::string_view name;
  UnitMember member;
  bool is_scan_only = false;  // needs tokens or held-out text; left out by UnitColumns::kAssociate
};

// In the order of the file.
[[nodiscard]] std::span<const UnitColumn> unit_columns(UnitColumns columns);

// The part of a finding that a member belongs to.
template <class Finding>
auto& value_at(Finding& finding, UnitName) {
  return finding.unit;
}
template <class Finding, class T>
auto& value_at(Finding& finding, T UnitId::*member) {
  return finding.unit.*member;
}
template <class Finding, class T>
auto& value_at(Finding& finding, T association::UnitFit::*member) {
  return finding.fit.*member;
}
template <class Finding, class T>
auto& value_at(Finding& finding, T findings::HeldOut::*member) {
  return finding.held_out.*member;
}
template <class Finding, class T>
auto& value_at(Finding& finding, T association::Prediction::*member) {
  return finding.held_out.prediction.*member;
}
template <class Finding, class T>
auto& value_at(Finding& finding, T findings::Ladder::*member) {
  return finding.ladder.*member;
}
template <class Finding, class T>
auto& value_at(Finding& finding, T findings::Finding::*member) {
  return finding.*member;
}

// Calls act(value) with the column's value of `finding`: UnitId (its name), Site, FitStatus, FitNote, Answer,
// Effect, Specificity, std::uint32_t (layer, neuron), std::uint64_t (counts), double (NaN: none), bool
// (flags) or int (the direction: -1, 0, 1). `finding` may be const or not.
template <class Finding, class Act>
decltype(auto) with_value(const UnitColumn& column, Finding& finding, Act&& act) {
  return std::visit(
      [&](auto member) -> decltype(auto) { return std::forward<Act>(act)(value_at(finding, member)); },
      column.member);
}

// "+", "-" or "0".
[[nodiscard]] inline std::string_view direction_word(int direction) {
  return direction > 0 ? "+" : direction < 0 ? "-" : "0";
}

}  // namespace penfield::store
