// From fits to findings: corrects the discovery p-values within their families, and tests what is left on
// held-out text.
//
// A unit is found where its corrected p is below alpha, strictly: by permutation on the counts, else by more
// than rounding. It is replicated where, besides, its β has
// the same sign on the held-out text and its held-out p, by the same test, is below alpha / (number found in
// the whole scan).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "penfield/association/scalar/fit_table.h"
#include "penfield/base/result.h"
#include "penfield/base/unit.h"
#include "penfield/findings/finding.h"
#include "penfield/permutation/permutation_table.h"

namespace penfield::findings {

// With kMaxT a unit's corrected p is that of its permuted score statistic, whatever test ranks the units.
struct FindingOptions {
  Test test = Test::kLrt;
  Correction correction = Correction::kBonferroni;
  Family family = Family::kLayer;
  double alpha = 0.05;  // in (0, 1)
  MaxT max_t = MaxT::kStepDown;
};

// kUsage where alpha is not in (0, 1).
[[nodiscard]] Result<void> check_options(const FindingOptions& options);

// The fits of one layer at one site. Columns are the units in the order of their index.
struct LayerFits {
  Site site = Site::kMlpPre;
  std::uint32_t layer = 0;
  association::FitTable discovery;
  association::FitTable held_out;  // as many rows as discovery, or none: no held-out text
  // Where asked for, as many rows as held_out: discovery's rule tried on it, and the fits of its tokens of
  // unseen types.
  std::vector<association::Prediction> predictions = {};
  association::FitTable unseen = {};
};

// layers: in any order, each (site, layer) once. alpha must have passed check_options.
// Families are the layers (of one site each), or all units of all layers together; every unit of a family
// counts as a test, also one without a p-value (as in the study: .05 / 4096). All values are in the log
// domain: nothing overflows or vanishes for −log10 p up to the largest double.
//   permutations  one a family, in the order of site and layer, columns as the units; none: no permutations
//                 were made. kMaxT needs them; with other corrections they only describe the family.
[[nodiscard]] FindingTable judge(std::span<const LayerFits> layers, const FindingOptions& options,
                                 std::span<const permutation::PermutationTable> permutations = {});

// −log10 p of `fit` by `test`, NaN where the unit has none: Wald is for units that converged; the likelihood
// ratio also for separated ones (Firth's penalised ratio); the score test, which fits nothing, for all that
// have a value.
[[nodiscard]] double neglog10_p_of(const association::UnitFit& fit, Test test);

}  // namespace penfield::findings
