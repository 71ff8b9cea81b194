// units.tsv: one row a unit, as a scan writes it and as `associate`, `show` and `export` print it.
//
// The columns of a scan are, in this order,
//   unit site layer neuron status n_target n_comparison mean_target mean_comparison sd beta se z
//   neglog10_p_wald lrt_chi2 neglog10_p_lrt beta_sd cohen_d auc auc_lo auc_hi t_welch neglog10_p_welch
//   neglog10_p_adj significant direction held_out_n_target held_out_n_comparison held_out_beta
//   held_out_neglog10_p held_out_auc held_out_auc_lo held_out_auc_hi replicated
// and behind them intercept score_chi2 neglog10_p_score cohen_d_lo cohen_d_hi df_welch, neglog10_p of the
// chosen test before correction, and what unit_columns.cc lists further. Those of `associate` are the same
// less the held-out ones.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "penfield/base/result.h"
#include "penfield/findings/finding.h"

namespace penfield::store {

enum class UnitColumns : std::uint8_t {
  kScan,
  kAssociate,  // without what needs a held-out split
};

// The header line, without its newline.
[[nodiscard]] std::string units_header(UnitColumns columns);
void append_unit_row(std::string& out, const findings::Finding& unit, UnitColumns columns);

// Header and rows; with `json` an object instead, with `units`, an array in which no value is null.
[[nodiscard]] std::string format_units(std::span<const findings::Finding> units, UnitColumns columns,
                                       bool json);

// kBadInput, with `name` and line: another header, a field of the wrong kind, or rows that are not in the
// order site, layer, neuron, or whose name is that of another unit.
[[nodiscard]] Result<std::vector<findings::Finding>> parse_units(std::string_view bytes,
                                                                 std::string_view name, UnitColumns columns);

}  // namespace penfield::store
