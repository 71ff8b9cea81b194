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
#include "penfield/study/row_set.h"

namespace penfield::study {

// Errors: the store's.
[[nodiscard]] Result<findings::FindingTable> find_units(const activations::ActivationStore& store,
                                                        const SplitRows& rows,
                                                        const findings::FindingOptions& options,
                                                        const LayerProgress& progress = {});

// Called after each draw; true: go on.
using DrawProgress = std::function<bool(std::uint64_t n_draws_done, std::uint64_t n_draws)>;

// Sets the stability of every unit of `found`, which is the first draw: the share of all draws, the first
// with the others, in which it is significant. A draw's units are corrected as those of the scan are. Without
// further draws the stability stays NaN. kInterrupted: `progress` said so. Else the store's errors.
[[nodiscard]] Result<void> measure_stability(const activations::ActivationStore& store,
                                             const std::vector<RowSet>& further,
                                             const findings::FindingOptions& options,
                                             const DrawProgress& progress, findings::FindingTable& found);

}  // namespace penfield::study
