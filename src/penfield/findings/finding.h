// What the findings room hands on: every unit with its discovery fit, its corrected p, and its held-out test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "penfield/association/scalar/fit_table.h"
#include "penfield/association/scalar/prediction.h"
#include "penfield/base/unit.h"
#include "penfield/findings/correction.h"
#include "penfield/findings/replication.h"
#include "penfield/findings/word_level.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::findings {

enum class Test : std::uint8_t {
  kLrt,
  kWald,
  kScore,
  kWords,  // Welch's t of the means of words (word_level.h)
  kRank,
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
  // The chosen test on samples of both groups whose word was sampled in discovery in neither; no value below
  // kFewestWords words of a group. The interval of the area counts samples (DeLong), that behind it words
  // (Obuchowski).
  std::uint64_t unseen_n_target = 0, unseen_n_comparison = 0;
  double unseen_neglog10_p = association::UnitFit::kNone;
  double unseen_auc = association::UnitFit::kNone, unseen_auc_lo = association::UnitFit::kNone,
         unseen_auc_hi = association::UnitFit::kNone;
  double unseen_auc_words_lo = association::UnitFit::kNone, unseen_auc_words_hi = association::UnitFit::kNone;
  double unseen_neglog10_p_words = association::UnitFit::kNone;     // Test::kWords, whatever test was chosen
  double unseen_neglog10_p_document = association::UnitFit::kNone;  // of the scores of documents
};

struct Finding {
  UnitId unit;
  std::uint64_t n_target = 0, n_comparison = 0;
  association::UnitFit fit;                             // discovery
  double neglog10_p = association::UnitFit::kNone;      // of the chosen test, uncorrected
  double neglog10_p_adj = association::UnitFit::kNone;  // corrected within the family
  bool significant = false;
  int direction = 0;  // sign of β; 0 without β
  // Sign of the difference of words' means in discovery; 0 without one. Where words are the test, a unit of
  // another sign than β's is noted as discordant and does not replicate.
  int direction_words = 0;
  HeldOut held_out;
  // Share of the draws of the comparison group in which it is significant.
  double stability = association::UnitFit::kNone;
  // Significant, same sign held out, held-out p < alpha / (number significant). With Test::kWords the
  // differences of words' means in discovery and held out have that sign too.
  bool replicated = false;
  // Significant, and on unseen words the difference of words' means has the sign of β and Test::kWords gives
  // p < alpha / (number significant). Where that is the chosen test, that of discovery has the sign too.
  Answer replicated_words = Answer::kNotKnown;
  Effect effect = Effect::kNotKnown;
  double neglog10_p_words = association::UnitFit::kNone;  // Test::kWords in discovery, uncorrected
  // Student's t of the scores of documents in discovery, uncorrected.
  double neglog10_p_document = association::UnitFit::kNone;
  Ladder ladder = {};
  Specificity specific = Specificity::kNotKnown;
  // |AUC − ½| held out less its mean over control lists, and its rank among them, (1 + lists at least as
  // large)/(1 + lists).
  double selectivity = association::UnitFit::kNone, p_selectivity = association::UnitFit::kNone;
  double beta_corrected = association::UnitFit::kNone;  // fit.beta corrected for selection, if significant
};

// Results of the permutations for one family; without permutations everything is 0 or NaN.
struct PermutationSummary {
  std::uint64_t n_permutations = 0;
  std::uint64_t n_tests = 0;  // units that have a statistic
  // What a unit's permuted statistic must exceed, single step.
  double chi2_threshold = association::UnitFit::kNone;
  double n_effective = association::UnitFit::kNone;  // number of independent tests with such maxima
  // Median statistic divided by the median of χ²(1), with its 95% band under permuted labels.
  double inflation = association::UnitFit::kNone;
  double inflation_lo = association::UnitFit::kNone, inflation_hi = association::UnitFit::kNone;
  // The permuted statistics by rank; empty where there are too few permutations, or where the chosen test is
  // of another statistic.
  std::vector<permutation::RankBand> rank_bands = {};
};

// One family of tests (a layer, or the model).
struct FamilyThreshold {
  std::string name;  // "L18", "model"
  std::uint64_t n_tests = 0;
  // Uncorrected p at the threshold (Bonferroni); else the largest accepted.
  double neglog10_p_threshold = association::UnitFit::kNone;
  PermutationSummary permutation = {};
};

struct LayerSummary {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  std::uint64_t n_units = 0, n_ok = 0, n_separated = 0;
  std::uint64_t n_significant_positive = 0, n_significant_negative = 0;
  std::uint64_t n_replicated_positive = 0, n_replicated_negative = 0;
  // Share of significant units with the same sign held out.
  double sign_concordance = association::UnitFit::kNone;
  std::uint32_t best_index = 0;  // of the largest −log10 p
  double best_neglog10_p = association::UnitFit::kNone;
  double best_held_out_auc = association::UnitFit::kNone;
  Replication replication = {};
};

// Significant units on unseen words, over the whole scan.
struct WordReplication {
  WordCounts n_words;                           // of the unseen samples
  std::uint64_t n_replicated = 0;               // Answer::kYes
  std::uint64_t n_moderate = 0, n_strong = 0;   // at least so
  std::uint64_t n_specific = 0, n_carrier = 0;  // of those with an effect
  Share replicated = {};                        // n_replicated of the significant; jackknife.h
};

struct FindingTable {
  std::vector<Finding> units;  // site, layer, index
  std::vector<FamilyThreshold> families;
  std::vector<LayerSummary> layers;
  std::uint64_t n_significant = 0, n_replicated = 0;
  // Units that pass the permutations of words, some of which may fail those of documents; 0 where there were
  // none of documents.
  std::uint64_t n_found_by_words = 0;
  Replication replication = {};  // of the whole scan
  WordCounts n_discovery_words = {};
  WordReplication words = {};
};

}  // namespace penfield::findings
