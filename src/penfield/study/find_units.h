// One scan of captured activations: the regressions of a set of rows, then what is found in them. The scan
// itself, every further draw and every null go through here, so that they differ in their rows and in nothing
// else.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/findings/finding.h"
#include "penfield/findings/judge.h"
#include "penfield/study/fit_layers.h"
#include "penfield/study/permute_layers.h"
#include "penfield/study/row_set.h"

namespace penfield::study {

struct ScanTest {
  findings::FindingOptions findings;
  PermutationPlan permutation;  // its blocks are those of the captured rows
};

// Errors: the store's, and those of permute_layers.
[[nodiscard]] Result<findings::FindingTable> find_units(const activations::ActivationStore& store,
                                                        const SplitRows& rows, const ScanTest& test,
                                                        const LayerProgress& progress = {},
                                                        const PermuteProgress& permute_progress = {});

// Asked now and then; true: go on.
using GoesOn = std::function<bool()>;

// The same for a scan that is compared with the first: without permutations that its correction does not
// need.
[[nodiscard]] Result<findings::FindingTable> find_units_again(const activations::ActivationStore& store,
                                                              const SplitRows& rows, const ScanTest& test,
                                                              const GoesOn& goes_on = {});

// Called after each draw; true: go on.
using DrawProgress = std::function<bool(std::uint64_t n_draws_done, std::uint64_t n_draws)>;

// Sets the stability of every unit of `found`, which is the first draw: the share of all draws, the first
// with the others, in which it is significant. A draw's units are corrected as those of the scan are. Without
// further draws the stability stays NaN. kInterrupted: `progress` said so. Else the store's errors.
[[nodiscard]] Result<void> measure_stability(const activations::ActivationStore& store,
                                             const std::vector<RowSet>& further, const ScanTest& test,
                                             const DrawProgress& progress, findings::FindingTable& found);

}  // namespace penfield::study
