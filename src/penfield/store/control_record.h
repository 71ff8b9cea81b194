// The part of a run's record that answers "compared with what?": what was held equal, and what null scans
// found.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "penfield/base/unit.h"
#include "penfield/sample/sample_plan.h"

namespace penfield::store {

// How a null scan removes what there is to find.
enum class NullKind : std::uint8_t {
  kLabels,    // labels permuted among the samples of a split
  kTypes,     // one random label a token type: a control task that only memory for words can solve
  kLists,     // random words with the frequencies of the concept's words, through the same sampling
  kWeights,   // the same model with the entries of every tensor shuffled
  kInit,      // the same model before any training
  kRotation,  // every unit a random mixture of the units of its layer
};

// A layer under one kind of null, summed over its runs.
struct NullLayer {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  std::uint64_t n_units = 0;
  std::uint64_t n_runs_with_finding = 0;
  std::uint64_t n_significant = 0, n_replicated = 0;  // of all runs
  double best_neglog10_p = std::numeric_limits<double>::quiet_NaN();
};

// What one run of a null found.
struct NullRun {
  std::uint64_t n_significant = 0, n_replicated = 0;
  std::uint64_t n_replicated_words = 0, n_moderate = 0, n_strong = 0;  // findings/word_level.h
  // The held-out AUC that is farthest from ½ among all units, as 0.5 and more.
  double largest_auc = std::numeric_limits<double>::quiet_NaN();
};

struct NullRecord {
  NullKind kind = NullKind::kLabels;
  std::uint64_t n_runs = 0;
  std::uint64_t n_runs_with_finding = 0;
  std::uint64_t n_significant = 0, n_replicated = 0;  // of all runs
  // If the test keeps its level, every family has any finding in at most this many runs with permuted labels,
  // with probability 99% for all families together. Empty: no such band is known; 0: no run may find
  // anything.
  std::optional<std::uint64_t> band = std::nullopt;
  std::uint64_t most_runs_of_a_family = 0;  // the largest number of runs in which one family has any finding
  double best_neglog10_p = std::numeric_limits<double>::quiet_NaN();
  double best_held_out_auc = std::numeric_limits<double>::quiet_NaN();  // largest, of the significant units
  std::vector<NullLayer> layers = {};
  std::vector<NullRun> runs = {};
  // Units of the scan whose held-out AUC is farther from ½ than that of any unit in any run: by the
  // family-wise maximum p = 1/(1 + runs).
  std::uint64_t n_units_beyond = 0;
};

struct ControlRecord {
  std::string against;       // the concept of the comparison tokens; empty: all other tokens
  std::uint64_t n_both = 0;  // tokens that both concepts mark, which are targets
  std::string near_miss;     // the near miss in words for people; empty: none
  std::vector<sample::Trait> match;
  std::uint64_t cap_per_type = 0;  // 0: none
  std::uint64_t n_draws = 1;
  std::uint64_t n_stable = 0;                                // units that are significant in every draw
  std::array<std::vector<sample::TraitBalance>, 2> balance;  // by split
  std::vector<NullRecord> nulls;
};

}  // namespace penfield::store
