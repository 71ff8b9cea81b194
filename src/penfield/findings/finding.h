// What the findings room hands on: every unit with its discovery fit, its corrected p, and its held-out test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/association/scalar/fit_table.h"
#include "penfield/association/scalar/prediction.h"
#include "penfield/base/unit.h"
#include "penfield/findings/replication.h"

namespace penfield::findings {

enum class Test : std::uint8_t { kLrt, kWald, kScore };
enum class Correction : std::uint8_t {
  kBonferroni,
  kHolm,
  kBenjaminiHochberg,
  kBenjaminiYekutieli,
  kMaxT,
  kNone
};
enum class Family : std::uint8_t { kLayer, kModel };
// How kMaxT compares a unit with the largest statistics of the permutations: of all units (single step), or
// of those that do not exceed it (step down; Westfall & Young 1993), which finds at least as many.
enum class MaxT : std::uint8_t { kStepDown, kSingleStep };

struct HeldOut {
  std::uint64_t n_target = 0, n_comparison = 0;
  double beta = association::UnitFit::kNone;
  double neglog10_p = association::UnitFit::kNone;  // of the chosen test
  double auc = association::UnitFit::kNone, auc_lo = association::UnitFit::kNone,
         auc_hi = association::UnitFit::kNone;
  association::Prediction prediction = {};  // how discovery's fit and threshold perform
  // The chosen test on samples whose token type is none of the discovery targets'.
  std::uint64_t unseen_n_target = 0, unseen_n_comparison = 0;
  double unseen_neglog10_p = association::UnitFit::kNone;
  double unseen_auc = association::UnitFit::kNone, unseen_auc_lo = association::UnitFit::kNone,
         unseen_auc_hi = association::UnitFit::kNone;
};

struct Finding {
  UnitId unit;
  std::uint64_t n_target = 0, n_comparison = 0;
  association::UnitFit fit;                             // discovery
  double neglog10_p = association::UnitFit::kNone;      // of the chosen test, uncorrected
  double neglog10_p_adj = association::UnitFit::kNone;  // corrected within the family
  bool significant = false;
  int direction = 0;  // sign of β; 0 without β
  HeldOut held_out;
  double stability =
      association::UnitFit::kNone;  // share of the draws of the comparison group in which it is significant
  bool replicated = false;  // significant, same sign held out, held-out p < alpha / (number significant)
  double beta_corrected = association::UnitFit::kNone;  // fit.beta corrected for selection, if significant
};

// Results of the permutations for one family; without permutations everything is 0 or NaN.
struct PermutationSummary {
  std::uint64_t n_permutations = 0;
  std::uint64_t n_tests = 0;  // units that have a statistic
  double chi2_threshold =
      association::UnitFit::kNone;  // what a unit's permuted statistic must exceed, single step
  double n_effective = association::UnitFit::kNone;  // number of independent tests with such maxima
  // Median statistic divided by the median of χ²(1), with its 95% band under permuted labels.
  double inflation = association::UnitFit::kNone;
  double inflation_lo = association::UnitFit::kNone, inflation_hi = association::UnitFit::kNone;
};

// One family of tests (a layer, or the model).
struct FamilyThreshold {
  std::string name;  // "L18", "model"
  std::uint64_t n_tests = 0;
  double neglog10_p_threshold =
      association::UnitFit::kNone;  // uncorrected p at the threshold (Bonferroni); else the largest accepted
  PermutationSummary permutation = {};
};

struct LayerSummary {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  std::uint64_t n_units = 0, n_ok = 0, n_separated = 0;
  std::uint64_t n_significant_positive = 0, n_significant_negative = 0;
  std::uint64_t n_replicated_positive = 0, n_replicated_negative = 0;
  double sign_concordance =
      association::UnitFit::kNone;  // share of significant units with the same sign held out
  std::uint32_t best_index = 0;     // of the largest −log10 p
  double best_neglog10_p = association::UnitFit::kNone;
  double best_held_out_auc = association::UnitFit::kNone;
  Replication replication = {};
};

struct FindingTable {
  std::vector<Finding> units;  // site, layer, index
  std::vector<FamilyThreshold> families;
  std::vector<LayerSummary> layers;
  std::uint64_t n_significant = 0, n_replicated = 0;
  Replication replication = {};  // of the whole scan
};

}  // namespace penfield::findings
