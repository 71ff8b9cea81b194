// The intervals of the scan's replication rates, by leaving out groups of held-out documents
// (findings/jackknife.h).
#pragma once

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/base/watch.h"
#include "penfield/findings/finding.h"
#include "penfield/study/find_units.h"
#include "penfield/study/rows/row_set.h"

namespace penfield::study {

// Where words are the test, sets the shares of `found`, the scan of `rows`, that replicate, on held-out text
// and on its unseen words, with intervals where there are enough documents. Reads the activations once more;
// does nothing where no unit is significant. Errors: those of the store and of `watch`.
[[nodiscard]] Result<void> jackknife_replication(const activations::ActivationStore& store,
                                                 const SplitRows& rows, const ScanTest& test,
                                                 const Watch& watch, findings::FindingTable& found);

}  // namespace penfield::study
