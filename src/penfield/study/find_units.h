// One scan of captured activations: the regressions of a set of rows, and the findings among them. The scan
// itself, every further draw and every null scan use this function, so that they differ only in their
// rows.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/findings/judge.h"
#include "penfield/study/fit_layers.h"
#include "penfield/study/permute_layers.h"
#include "penfield/study/rows/row_set.h"

namespace penfield::study {

struct ScanTest {
  findings::FindingOptions findings;
  PermutationPlan permutation;  // its blocks are those of the captured rows
};

// Reports the stages "fit" and "permute". Errors: the store's, and those of permute_layers.
[[nodiscard]] Result<findings::FindingTable> find_units(const activations::ActivationStore& store,
                                                        const SplitRows& rows, const ScanTest& test,
                                                        const Watch& watch = {});

// As find_units, for a scan that is compared with the first: without permutations that its correction does
// not need, and silent, but for a stop.
[[nodiscard]] Result<findings::FindingTable> find_units_again(const activations::ActivationStore& store,
                                                              const SplitRows& rows, const ScanTest& test,
                                                              const Watch& watch = {});

// Sets the stability of every unit of `found`, which is the first draw: the share of all draws, the first
// with the others, in which it is significant. A draw's units are corrected as those of the scan are. Without
// further draws the stability stays NaN. Reports the stage "draws". Errors: those of find_units.
[[nodiscard]] Result<void> measure_stability(const activations::ActivationStore& store,
                                             const std::vector<RowSet>& further, const ScanTest& test,
                                             const Watch& watch, findings::FindingTable& found);

}  // namespace penfield::study
