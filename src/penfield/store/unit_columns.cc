#include "penfield/store/unit_columns.h"

#include <algorithm>
#include <array>

namespace penfield::store {
namespace {

using association::Prediction;
using association::UnitFit;
using findings::Finding;
using findings::HeldOut;
using findings::Ladder;

// The first columns, up to `replicated`, keep their order, which other programs rely on; new columns are
// appended.
constexpr std::array kScanColumns = {
    UnitColumn{"unit", UnitName{}},
    UnitColumn{"site", &UnitId::site},
    UnitColumn{"layer", &UnitId::layer},
    UnitColumn{"neuron", &UnitId::index},
    UnitColumn{"status", &UnitFit::status},
    UnitColumn{"n_target", &Finding::n_target},
    UnitColumn{"n_comparison", &Finding::n_comparison},
    UnitColumn{"mean_target", &UnitFit::mean_target},
    UnitColumn{"mean_comparison", &UnitFit::mean_comparison},
    UnitColumn{"sd", &UnitFit::sd},
    UnitColumn{"beta", &UnitFit::beta},
    UnitColumn{"se", &UnitFit::se},
    UnitColumn{"z", &UnitFit::z},
    UnitColumn{"neglog10_p_wald", &UnitFit::neglog10_p_wald},
    UnitColumn{"lrt_chi2", &UnitFit::lrt_chi2},
    UnitColumn{"neglog10_p_lrt", &UnitFit::neglog10_p_lrt},
    UnitColumn{"beta_sd", &UnitFit::beta_sd},
    UnitColumn{"cohen_d", &UnitFit::cohen_d},
    UnitColumn{"auc", &UnitFit::auc},
    UnitColumn{"auc_lo", &UnitFit::auc_lo},
    UnitColumn{"auc_hi", &UnitFit::auc_hi},
    UnitColumn{"t_welch", &UnitFit::t_welch},
    UnitColumn{"neglog10_p_welch", &UnitFit::neglog10_p_welch},
    UnitColumn{"neglog10_p_adj", &Finding::neglog10_p_adj},
    UnitColumn{"significant", &Finding::significant},
    UnitColumn{"direction", &Finding::direction},
    UnitColumn{"held_out_n_target", &HeldOut::n_target, true},
    UnitColumn{"held_out_n_comparison", &HeldOut::n_comparison, true},
    UnitColumn{"held_out_beta", &HeldOut::beta, true},
    UnitColumn{"held_out_neglog10_p", &HeldOut::neglog10_p, true},
    UnitColumn{"held_out_auc", &HeldOut::auc, true},
    UnitColumn{"held_out_auc_lo", &HeldOut::auc_lo, true},
    UnitColumn{"held_out_auc_hi", &HeldOut::auc_hi, true},
    UnitColumn{"replicated", &Finding::replicated, true},
    UnitColumn{"intercept", &UnitFit::alpha},
    UnitColumn{"score_chi2", &UnitFit::score_chi2},
    UnitColumn{"neglog10_p_score", &UnitFit::neglog10_p_score},
    UnitColumn{"cohen_d_lo", &UnitFit::cohen_d_lo},
    UnitColumn{"cohen_d_hi", &UnitFit::cohen_d_hi},
    UnitColumn{"df_welch", &UnitFit::df_welch},
    UnitColumn{"neglog10_p", &Finding::neglog10_p},
    UnitColumn{"threshold", &UnitFit::threshold},
    UnitColumn{"youden_j", &UnitFit::youden_j},
    UnitColumn{"beta_corrected", &Finding::beta_corrected},
    UnitColumn{"held_out_calibration_slope", &Prediction::calibration_slope, true},
    UnitColumn{"held_out_calibration_intercept", &Prediction::calibration_intercept, true},
    UnitColumn{"held_out_brier", &Prediction::brier, true},
    UnitColumn{"held_out_brier_scaled", &Prediction::brier_scaled, true},
    UnitColumn{"held_out_precision", &Prediction::precision, true},
    UnitColumn{"held_out_recall", &Prediction::recall, true},
    UnitColumn{"held_out_f1", &Prediction::f1, true},
    UnitColumn{"held_out_mcc", &Prediction::mcc, true},
    UnitColumn{"held_out_unseen_n_target", &HeldOut::unseen_n_target, true},
    UnitColumn{"held_out_unseen_n_comparison", &HeldOut::unseen_n_comparison, true},
    UnitColumn{"held_out_unseen_neglog10_p", &HeldOut::unseen_neglog10_p, true},
    UnitColumn{"held_out_unseen_auc", &HeldOut::unseen_auc, true},
    UnitColumn{"held_out_unseen_auc_lo", &HeldOut::unseen_auc_lo, true},
    UnitColumn{"held_out_unseen_auc_hi", &HeldOut::unseen_auc_hi, true},
    UnitColumn{"stability", &Finding::stability, true},
    UnitColumn{"note", &UnitFit::note},
    UnitColumn{"beta_lo", &UnitFit::beta_lo},
    UnitColumn{"beta_hi", &UnitFit::beta_hi},
    UnitColumn{"se_cluster", &UnitFit::se_cluster},
    UnitColumn{"z_cluster", &UnitFit::z_cluster},
    UnitColumn{"neglog10_p_cluster", &UnitFit::neglog10_p_cluster},
    UnitColumn{"neglog10_p_words", &Finding::neglog10_p_words, true},
    UnitColumn{"held_out_unseen_neglog10_p_words", &HeldOut::unseen_neglog10_p_words, true},
    UnitColumn{"auc_words_lo", &HeldOut::unseen_auc_words_lo, true},
    UnitColumn{"auc_words_hi", &HeldOut::unseen_auc_words_hi, true},
    UnitColumn{"replicated_words", &Finding::replicated_words, true},
    UnitColumn{"effect", &Finding::effect, true},
    UnitColumn{"auc_all", &Ladder::all, true},
    UnitColumn{"auc_all_lo", &Ladder::all_lo, true},
    UnitColumn{"auc_all_hi", &Ladder::all_hi, true},
    UnitColumn{"auc_matched", &Ladder::matched, true},
    UnitColumn{"auc_matched_lo", &Ladder::matched_lo, true},
    UnitColumn{"auc_matched_hi", &Ladder::matched_hi, true},
    UnitColumn{"auc_near_miss", &Ladder::near_miss, true},
    UnitColumn{"auc_near_miss_lo", &Ladder::near_miss_lo, true},
    UnitColumn{"auc_near_miss_hi", &Ladder::near_miss_hi, true},
    UnitColumn{"auc_carrier", &Ladder::carrier, true},
    UnitColumn{"auc_carrier_lo", &Ladder::carrier_lo, true},
    UnitColumn{"auc_carrier_hi", &Ladder::carrier_hi, true},
    UnitColumn{"specific", &Finding::specific, true},
    UnitColumn{"selectivity", &Finding::selectivity, true},
    UnitColumn{"p_selectivity", &Finding::p_selectivity, true},
    UnitColumn{"df_cluster", &UnitFit::df_cluster},
    UnitColumn{"neglog10_p_rank", &UnitFit::neglog10_p_rank},
    UnitColumn{"iqr", &UnitFit::iqr},
    UnitColumn{"beta_robust_sd", &UnitFit::beta_robust_sd},
    UnitColumn{"neglog10_p_document", &Finding::neglog10_p_document, true},
    UnitColumn{"held_out_unseen_neglog10_p_document", &HeldOut::unseen_neglog10_p_document, true},
};

constexpr std::size_t kScanOnlyColumns = static_cast<std::size_t>(std::count_if(
    kScanColumns.begin(), kScanColumns.end(), [](const UnitColumn& c) { return c.is_scan_only; }));

constexpr auto without_scan_only() {
  std::array<UnitColumn, kScanColumns.size() - kScanOnlyColumns> out{};
  std::copy_if(kScanColumns.begin(), kScanColumns.end(), out.begin(),
               [](const UnitColumn& c) { return !c.is_scan_only; });
  return out;
}

constexpr auto kAssociateColumns = without_scan_only();

}  // namespace

std::span<const UnitColumn> unit_columns(UnitColumns columns) {
  if (columns == UnitColumns::kScan) return kScanColumns;
  return kAssociateColumns;
}

}  // namespace penfield::store
