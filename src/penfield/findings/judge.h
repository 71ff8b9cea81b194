// From fits to findings: corrects the discovery p-values within their families, and tests the significant
// units on held-out text.
//
// A unit is significant if its corrected p is strictly below alpha: by permutation this is decided on the
// counts, otherwise the difference must exceed rounding. It is replicated if, in addition, its β has the same
// sign on the held-out text and its held-out p, by the same test, is below alpha / (number of significant
// units of the scan). Where words are the test, p is that of the difference of their means, which then must
// have the sign of β in both texts. In discovery it may have the other, as β weighs each use of a word and
// the test each word: such a unit is significant, with the note kDiscordant, and does not replicate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "penfield/association/scalar/fit_table.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/findings/corrected_family.h"
#include "penfield/findings/finding.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::findings {

// kUsage if alpha is not in (0, 1).
[[nodiscard]] Result<void> check_options(const FindingOptions& options);

// The fits of one layer at one site. Columns are the units in the order of their index.
struct LayerFits {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  association::FitTable discovery;
  association::FitTable held_out = {};  // as many rows as discovery, or none: no held-out text
  // Optional, with as many rows as held_out: how discovery's fit predicts it, and the fits of its samples of
  // unseen token types.
  std::vector<association::Prediction> predictions = {};
  association::FitTable unseen = {};
  WordFits words = {};
  DocumentFits documents = {};
  LadderFits ladder = {};
};

// layers: in any order, each (site, layer) once. alpha must have passed check_options. A family is one layer
// at one site, or all units together. Every unit of a family counts as a test, including units without a
// p-value (as in the study: .05 / 4096). All values are in the log domain, so nothing overflows or underflows
// for −log10 p up to the largest double.
//   permutations  one table a family, in the order of site and layer, with the units as columns; empty: no
//                 permutations were made. kMaxT needs them; otherwise they only describe the family.
//   documents     the same with documents as the observations. With kMaxT a unit is then significant where
//                 both p are below alpha, and its corrected p is the larger; it is replicated where the
//                 held-out test of documents, if there is one, passes at the border too.
[[nodiscard]] FindingTable judge(std::span<const LayerFits> layers, const FindingOptions& options,
                                 std::span<const permutation::PermutationTable> permutations = {},
                                 std::span<const permutation::PermutationTable> documents = {});

// The columns of one matrix as one family, without held-out samples: what judge() says of them with
// Family::kModel. Findings are made as they are asked for, because a table of all of them takes several times
// the memory of the fits, and the time to write it.
class JudgedColumns {
 public:
  // fits: at least one. permutations: null for none.
  JudgedColumns(association::FitTable fits, const FindingOptions& options,
                const permutation::PermutationTable* permutations = nullptr);

  [[nodiscard]] std::size_t size() const { return fits_.discovery.rows.size(); }
  // The findings of the columns from `first` on.
  void copy(std::size_t first, std::span<Finding> out) const;
  [[nodiscard]] std::vector<Finding> all() const;
  [[nodiscard]] const FamilyThreshold& family() const { return corrected_.threshold(); }

 private:
  [[nodiscard]] std::vector<double> p_of_all() const;

  LayerFits fits_;
  Test test_;
  CorrectedFamily corrected_;
};

// −log10 p of `fit` by `test`, which is not Test::kWords, or NaN: Wald's test exists for converged units; the
// likelihood ratio also for separated ones (Firth's penalised ratio); the score test and the rank test, which
// need no fit, for every unit that varies; the rank test beside covariates is a fit of its own.
[[nodiscard]] double neglog10_p_of(const association::UnitFit& fit, Test test);

}  // namespace penfield::findings
