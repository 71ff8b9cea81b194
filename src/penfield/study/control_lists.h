// The scan of control lists (labels/control_list.h): the same sampling, matching, test and replication, of
// random words in place of the concept's, over one capture.
#pragma once

#include <cstdint>
#include <vector>

#include "penfield/activations/activation_store.h"
#include "penfield/base/result.h"
#include "penfield/sample/plan_samples.h"
#include "penfield/store/control_record.h"
#include "penfield/study/find_units.h"
#include "penfield/study/labelled_text.h"
#include "penfield/study/rows/row_set.h"

namespace penfield::study {

// Plans of n control lists. A list whose words are too few in the windows, or find no match, is drawn again,
// a few times; then kBadInput, with the last reason. options, traits: those of the scan.
[[nodiscard]] Result<std::vector<sample::SamplePlan>> plan_control_lists(const LabelledText& labelled,
                                                                         const sample::SampleOptions& options,
                                                                         const sample::TokenTraits& traits,
                                                                         std::uint64_t n,
                                                                         const Watch& watch = {});

// One scan a list, with at most 199 permutations; sets the selectivity of every unit of `found`, the scan of
// the concept. Reports the stage "null" in runs. Errors: those of find_units.
[[nodiscard]] Result<store::NullRecord> scan_control_lists(const activations::ActivationStore& store,
                                                           const std::vector<SplitRows>& lists,
                                                           const ScanTest& test, const Watch& watch,
                                                           findings::FindingTable& found);

}  // namespace penfield::study
