// Statistics in which a word is one observation, however often it is used; and the comparisons of the ladder.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "penfield/association/scalar/clustered_auc.h"
#include "penfield/permutation/welch_of_items.h"

namespace penfield::findings {

// Word types of each group; a word with both labels counts in both.
struct WordCounts {
  std::uint64_t n_target = 0, n_comparison = 0;
};

// Fewest words of a group for a statistic on unseen words.
inline constexpr std::uint64_t kFewestWords = 20;

// Of the units of a layer; empty where there is no such sample. `unseen`: held-out samples of both groups
// whose word was sampled in discovery in neither.
struct WordFits {
  WordCounts n_discovery, n_held_out, n_unseen;
  std::vector<permutation::ItemTest> discovery, held_out, unseen;
  std::vector<association::ClusteredAuc> unseen_auc;  // clusters: words
};

// Of the units of a layer, with documents as the observations (permutation/test_of_blocks.h); empty where
// there are too few documents.
struct DocumentFits {
  std::vector<permutation::ItemTest> discovery, held_out, unseen;
};

// The held-out targets against further comparison groups; clusters are words. Each is empty where it was not
// asked for.
struct LadderFits {
  std::vector<association::ClusteredAuc> all;        // a random draw of all tokens that are no targets
  std::vector<association::ClusteredAuc> matched;    // the scan's own comparison, where it is matched
  std::vector<association::ClusteredAuc> near_miss;  // tokens that share the concept's carrier, within strata
  std::vector<association::ClusteredAuc> carrier;    // those tokens, as targets, against the random draw
};

// Does a unit tell the concept from its near miss?
enum class Specificity : std::uint8_t {
  kNotKnown,   // no near miss, or too few words
  kSpecific,   // the oriented area against the near miss is surely above ½ + δ
  kCarrier,    // the carrier's own area is, and that against the near miss lies within ½ ± δ
  kUndecided,  // neither
};
inline constexpr double kSpecificDelta = 0.1;

// How well a unit tells unseen words of the concept from unseen words of the comparison.
enum class Effect : std::uint8_t {
  kNotKnown,  // too few unseen words
  kNone,
  kModerate,  // replicated on unseen words, and the oriented area is surely above .7
  kStrong,    // … above .8
};
inline constexpr double kModerateArea = 0.7, kStrongArea = 0.8;

enum class Answer : std::uint8_t { kNotKnown, kNo, kYes };

// What the ladder says of a unit, with 95% intervals clustered by word.
struct Ladder {
  double all = permutation::ItemTest::kNone, all_lo = permutation::ItemTest::kNone,
         all_hi = permutation::ItemTest::kNone;
  double matched = permutation::ItemTest::kNone, matched_lo = permutation::ItemTest::kNone,
         matched_hi = permutation::ItemTest::kNone;
  double near_miss = permutation::ItemTest::kNone, near_miss_lo = permutation::ItemTest::kNone,
         near_miss_hi = permutation::ItemTest::kNone;
  double carrier = permutation::ItemTest::kNone, carrier_lo = permutation::ItemTest::kNone,
         carrier_hi = permutation::ItemTest::kNone;
};

// direction: the sign of the unit's β; 0: not known. near_miss and carrier: the areas of the unit.
[[nodiscard]] Specificity judge_specificity(int direction, const association::ClusteredAuc& near_miss,
                                            const association::ClusteredAuc& carrier);

// unseen: of the unit; replicated: on those words.
[[nodiscard]] Effect judge_effect(int direction, Answer replicated, const association::ClusteredAuc& unseen);

}  // namespace penfield::findings
